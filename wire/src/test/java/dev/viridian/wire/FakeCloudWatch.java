package dev.viridian.wire;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateRequest;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateResponse;

/// Remembers the last alarm and the last data.
final class FakeCloudWatch implements CloudWatchClient {
    final AtomicReference<PutMetricAlarmRequest> alarm = new AtomicReference<>();
    final AtomicReference<PutMetricDataRequest> data = new AtomicReference<>();

    @Override
    public PutMetricAlarmResponse putMetricAlarm(PutMetricAlarmRequest request) {
        alarm.set(request);
        return PutMetricAlarmResponse.builder().build();
    }

    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
        return DescribeAlarmsResponse.builder().metricAlarms(MetricAlarm.builder().alarmName("a<b>").threshold(1.5)
                .dimensions(alarm.get() == null ? java.util.List.of() : alarm.get().dimensions())
                .stateUpdatedTimestamp(Instant.parse("2026-01-01T00:00:00.5Z")).build()).build();
    }

    @Override
    public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
        data.set(request);
        return PutMetricDataResponse.builder().build();
    }

    @Override
    public SetAlarmStateResponse setAlarmState(SetAlarmStateRequest request) {
        throw ResourceNotFoundException.builder().message("no such alarm") // the SDK folds two shapes into this class, so the code must be said
                .awsErrorDetails(AwsErrorDetails.builder().errorCode("ResourceNotFound").errorMessage("no such alarm").build()).build();
    }

    @Override
    public String serviceName() {
        return "monitoring";
    }

    @Override
    public void close() {}
}
