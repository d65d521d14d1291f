package dev.viridian.services.elbv2;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/// Remembers what was reported.
final class MetricsRecorder implements CloudWatchClient {
    final List<PutMetricDataRequest> requests = new CopyOnWriteArrayList<>();

    @Override
    public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
        requests.add(request);
        return PutMetricDataResponse.builder().build();
    }

    /// The sum of a metric over everything reported under exactly the dimensions of these names.
    double sum(String metric, String... dimensions) {
        return data(metric, dimensions).stream().mapToDouble(MetricsRecorder::sum).sum();
    }

    List<MetricDatum> data(String metric, String... dimensions) {
        return requests.stream().flatMap(request -> request.metricData().stream())
                .filter(datum -> datum.metricName().equals(metric) && names(datum).keySet().equals(java.util.Set.of(dimensions))).toList();
    }

    static Map<String, String> names(MetricDatum datum) {
        return datum.dimensions().stream().collect(Collectors.toMap(Dimension::name, Dimension::value));
    }

    private static double sum(MetricDatum datum) {
        double sum = 0;
        for (int i = 0; i < datum.values().size(); i++) {
            sum += datum.values().get(i) * datum.counts().get(i);
        }
        return sum;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
