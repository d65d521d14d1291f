package dev.viridian.services.codedeploy.deployment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// Reads the alarms that guard a deployment.
final class AlarmWatch {
    private final CloudWatchClient cloudWatch;

    AlarmWatch(CloudWatchClient cloudWatch) {
        this.cloudWatch = cloudWatch;
    }

    /// An alarm that was deleted counts as unreadable: nobody guards the deployment any more.
    Alarms poll(Deployment deployment) {
        List<String> names = deployment.terms().alarms();
        if (names.isEmpty()) {
            return new Alarms.Quiet();
        }
        try {
            return verdict(names, cloudWatch.describeAlarms(
                    request -> request.alarmNames(names).alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM).maxRecords(100)));
        } catch (CloudWatchException e) {
            AwsFailure failure = new AwsFailure(e);
            if (failure.mayPass()) {
                throw e;
            }
            return new Alarms.Unreadable(failure.fault(deployment.order().role()));
        }
    }

    private static Alarms verdict(List<String> names, DescribeAlarmsResponse answer) {
        Set<String> found = new HashSet<>();
        List<String> active = new ArrayList<>();
        Stream.concat(answer.metricAlarms().stream().map(AlarmWatch::reading), answer.compositeAlarms().stream().map(AlarmWatch::reading))
                .forEach(reading -> {
                    found.add(reading.name());
                    if (reading.state() == StateValue.ALARM) {
                        active.add(reading.name());
                    }
                });
        if (!active.isEmpty()) {
            return new Alarms.Active(names.stream().filter(active::contains).toList());
        }
        List<String> missing = names.stream().filter(name -> !found.contains(name)).toList();
        return missing.isEmpty() ? new Alarms.Quiet() : new Alarms.Unreadable(Fault.alarmsUnreadable("no alarm named " + String.join(", ", missing)));
    }

    private record Reading(String name, StateValue state) {}

    private static Reading reading(MetricAlarm alarm) {
        return new Reading(alarm.alarmName(), alarm.stateValue());
    }

    private static Reading reading(CompositeAlarm alarm) {
        return new Reading(alarm.alarmName(), alarm.stateValue());
    }
}
