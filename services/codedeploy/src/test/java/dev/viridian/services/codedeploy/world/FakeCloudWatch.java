package dev.viridian.services.codedeploy.world;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// Alarms that are in whatever state the test says.
public final class FakeCloudWatch implements CloudWatchClient {
    public final Faults faults = new Faults();
    public final Map<String, StateValue> alarms = new TreeMap<>(Map.of("errors", StateValue.OK, "latency", StateValue.INSUFFICIENT_DATA));

    public void raise(String alarm) {
        alarms.put(alarm, StateValue.ALARM);
    }

    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
        faults.check("describeAlarms");
        return DescribeAlarmsResponse.builder()
                .metricAlarms(alarms.entrySet().stream()
                        .filter(alarm -> request.alarmNames().contains(alarm.getKey()))
                        .map(alarm -> MetricAlarm.builder().alarmName(alarm.getKey()).stateValue(alarm.getValue()).build())
                        .toList())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // nothing to close
    }
}
