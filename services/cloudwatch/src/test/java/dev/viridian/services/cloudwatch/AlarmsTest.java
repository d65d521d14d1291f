package dev.viridian.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.InvalidFormatException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

class AlarmsTest {
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:oncall";
    private World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_new_alarm_has_insufficient_data_until_it_is_first_judged() {
        world.alarm("errors", a -> { });

        assertThat(world.state("errors")).isEqualTo("INSUFFICIENT_DATA");
        assertThat(world.alarm("errors").stateReason()).isEqualTo("Unchecked: Initial alarm creation");
        assertThat(world.alarm("errors").alarmArn()).isEqualTo("arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors");
        assertThat(world.alarm("errors").hasOkActions()).as("empty lists are shown, as AWS shows them").isTrue();
    }

    @Test
    void one_breaching_datapoint_raises_the_alarm_and_a_good_one_lowers_it() {
        world.alarm("errors", a -> a.alarmActions(TOPIC).okActions(TOPIC));
        world.put("Errors", 1);
        world.pass(70);

        assertThat(world.state("errors")).isEqualTo("ALARM");
        assertThat(world.alarm("errors").stateReason())
                .isEqualTo("Threshold Crossed: 1 datapoint [1.0 (01/01/26 12:00:00)] was greater than or equal to the threshold (1.0).");
        assertThat(world.alarm("errors").stateReasonData()).contains("\"statistic\":\"Sum\"").contains("\"recentDatapoints\":[1.0]");

        world.put("Errors", 0);
        world.pass(60);

        assertThat(world.state("errors")).isEqualTo("OK");
        assertThat(world.told).containsExactly("ALARM to " + TOPIC, "OK to " + TOPIC);
        assertThat(world.history("errors")).containsExactly("Alarm \"errors\" created", "Alarm updated from INSUFFICIENT_DATA to ALARM",
                "Successfully executed action " + TOPIC, "Alarm updated from ALARM to OK", "Successfully executed action " + TOPIC);
    }

    @Test
    void an_action_nobody_can_carry_out_is_said_in_the_history() {
        world.alarm("errors", a -> a.alarmActions("arn:aws:sns:us-east-1:123456789012:broken"));
        world.put("Errors", 1);
        world.pass(70);

        assertThat(world.history("errors")).last().asString()
                .isEqualTo("Failed to execute action arn:aws:sns:us-east-1:123456789012:broken. Received error: \"no such topic\"");
    }

    @Test
    void an_alarm_on_a_metric_that_falls_silent_runs_out_of_data() {
        world.alarm("errors", a -> { });
        world.put("Errors", 1);
        world.pass(70);
        world.pass(300);

        assertThat(world.state("errors")).isEqualTo("INSUFFICIENT_DATA");
        assertThat(world.alarm("errors").stateReason()).isEqualTo("Insufficient Data: 1 datapoint was unknown.");
    }

    @Test
    void a_five_minute_sum_alarms_within_a_minute_of_the_first_error_and_recovers_when_errors_have_left_its_range() {
        world.alarm("errors", a -> a.period(300).treatMissingData("notBreaching"));
        world.pass(120);
        assertThat(world.state("errors")).isEqualTo("OK");
        assertThat(world.alarm("errors").stateReason())
                .isEqualTo("Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].");

        world.put("Errors", 3);
        world.pass(70);
        assertThat(world.state("errors")).isEqualTo("ALARM");

        world.pass(16 * 60);
        assertThat(world.state("errors")).isEqualTo("OK");
    }

    @Test
    void two_out_of_three_datapoints_raise_an_alarm_that_asks_for_two() {
        world.alarm("errors", a -> a.evaluationPeriods(3).datapointsToAlarm(2));
        for (double value : new double[] {5, 0, 7}) {
            world.put("Errors", value);
            world.pass(60);
        }
        world.pass(10);

        assertThat(world.state("errors")).isEqualTo("ALARM");
        assertThat(world.alarm("errors").stateReason())
                .isEqualTo("Threshold Crossed: 2 out of the last 3 datapoints [7.0 (01/01/26 12:02:00), 5.0 (01/01/26 12:00:00)] "
                + "were greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).");
    }

    @Test
    void a_state_set_by_hand_acts_once_and_lasts_until_the_data_says_otherwise() {
        world.alarm("errors", a -> a.alarmActions(TOPIC));
        world.call(c -> c.setAlarmState(r -> r.alarmName("errors").stateValue(StateValue.ALARM).stateReason("drill")));
        world.call(c -> c.setAlarmState(r -> r.alarmName("errors").stateValue(StateValue.ALARM).stateReason("drill again")));
        world.time.settle();

        assertThat(world.state("errors")).isEqualTo("ALARM");
        assertThat(world.told).hasSize(1);

        world.put("Errors", 0);
        world.pass(70);
        assertThat(world.state("errors")).isEqualTo("OK");
    }

    @Test
    void disabled_actions_are_not_carried_out() {
        world.alarm("errors", a -> a.alarmActions(TOPIC));
        world.call(c -> c.disableAlarmActions(r -> r.alarmNames("errors")));
        world.put("Errors", 1);
        world.pass(70);

        assertThat(world.state("errors")).isEqualTo("ALARM");
        assertThat(world.told).isEmpty();
    }

    @Test
    void unknown_alarms_cannot_be_set_or_deleted_and_are_left_out_of_descriptions() {
        world.alarm("errors", a -> { });

        assertThatThrownBy(() -> world.call(c -> c.setAlarmState(r -> r.alarmName("nope").stateValue("OK").stateReason("x"))))
                .isInstanceOf(ResourceNotFoundException.class).satisfies(e -> assertThat(code(e)).isEqualTo("ResourceNotFound"));
        assertThatThrownBy(() -> world.call(c -> c.deleteAlarms(r -> r.alarmNames("errors", "nope")))).isInstanceOf(ResourceNotFoundException.class);
        assertThat(world.call(c -> c.describeAlarms(r -> r.alarmNames("errors", "nope"))).metricAlarms()).hasSize(1);
        assertThatThrownBy(() -> world.call(c -> c.setAlarmState(r -> r.alarmName("errors").stateValue("OK").stateReason("x").stateReasonData("{"))))
                .isInstanceOf(InvalidFormatException.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            more datapoints than periods | The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.
            more than a day              | Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).
            an unknown treatment         | Option maybe is not supported. Supported options for parameter TreatMissingData are breaching, notBreaching, ignore and missing.
            an unknown statistic         | The value p101 for parameter ExtendedStatistic is not supported.
            no ARN                       | Invalid arn syntax: page-me
            a crooked period             | The parameter Period must be 10, 20, 30 or a multiple of 60.
            """)
    void contradictory_alarms_are_refused(String what, String message) {
        assertThatThrownBy(() -> world.alarm("bad", a -> {
            switch (what) {
                case "more datapoints than periods" -> a.datapointsToAlarm(2);
                case "more than a day" -> a.period(300).evaluationPeriods(289);
                case "an unknown treatment" -> a.treatMissingData("maybe");
                case "an unknown statistic" -> a.statistic((String) null).extendedStatistic("p101");
                case "no ARN" -> a.alarmActions("page-me");
                default -> a.period(45);
            }
        })).isInstanceOf(AwsServiceException.class).hasMessageContaining(message);
    }

    @Test
    void a_short_period_is_judged_every_ten_seconds() {
        world.alarm("errors", a -> a.period(10));
        world.call(c -> c.putMetricData(r -> r.namespace("Shop").metricData(d -> d.metricName("Errors").value(1.0).storageResolution(1))));
        world.pass(16);

        assertThat(world.state("errors")).isEqualTo("ALARM");
    }

    @Test
    void a_percentile_of_few_samples_can_be_ignored() {
        world.alarm("slow", a -> a.statistic((String) null).extendedStatistic("p99").evaluateLowSampleCountPercentile("ignore"));
        world.alarm("slow anyway", a -> a.statistic((String) null).extendedStatistic("p99"));
        world.put("Errors", 5);
        world.pass(70);

        assertThat(world.state("slow")).isEqualTo("INSUFFICIENT_DATA");
        assertThat(world.state("slow anyway")).isEqualTo("ALARM");
    }

    @Test
    void after_a_crash_alarms_are_judged_as_before() {
        world.alarm("errors", a -> a.alarmActions(TOPIC));
        world.put("Errors", 1);

        world = world.crashed();
        world.pass(70);

        assertThat(world.state("errors")).isEqualTo("ALARM");
        assertThat(world.told).containsExactly("ALARM to " + TOPIC);
    }

    @Test
    void every_change_of_state_is_a_row_that_can_be_followed() {
        java.util.List<String> seen = new java.util.ArrayList<>();
        var changes = world.store.table("cloudwatch.alarm-changes", AlarmChange.class);
        world.work.follow("test", changes, change -> changes.find(change.key())
                .ifPresent(row -> seen.add(row.before().value() + " -> " + row.after().value())));
        world.alarm("errors", a -> { });
        world.put("Errors", 1);
        world.pass(70);
        world.put("Errors", 0);
        world.pass(60);

        assertThat(seen).containsExactly("INSUFFICIENT_DATA -> ALARM", "ALARM -> OK");
    }

    @Test
    void metric_math_can_raise_an_alarm() {
        world.alarm("rate", a -> a.namespace(null).metricName(null).statistic((String) null).period(null).threshold(50.0).metrics(
                query("errors", "Errors"), query("requests", "Requests"),
                MetricDataQuery.builder().id("rate").expression("100 * FILL(errors, 0) / requests").returnData(true).build()));
        world.put("Errors", 6);
        world.put("Requests", 10);
        world.pass(70);

        assertThat(world.state("rate")).isEqualTo("ALARM");
        assertThat(world.alarm("rate").stateReason()).contains("[60.0 (01/01/26 12:00:00)]");
    }

    private static MetricDataQuery query(String id, String metric) {
        return MetricDataQuery.builder().id(id).returnData(false).metricStat(s -> s.metric(m -> m.namespace("Shop").metricName(metric)).period(60)
                .stat("Sum")).build();
    }

    @Test
    void a_composite_alarm_follows_its_children_at_once_and_is_not_described_unasked() {
        world.alarm("a", x -> { });
        world.alarm("b", x -> { });
        world.call(c -> c.putCompositeAlarm(r -> r.alarmName("both").alarmRule("ALARM(a) AND NOT ALARM(\"b\")").alarmActions(TOPIC)));
        world.call(c -> c.setAlarmState(r -> r.alarmName("a").stateValue(StateValue.ALARM).stateReason("x")));
        world.time.settle();

        assertThat(world.call(CloudWatch::describeAlarms).compositeAlarms()).isEmpty();
        assertThat(world.call(c -> c.describeAlarms(r -> r.alarmTypes(AlarmType.COMPOSITE_ALARM))).compositeAlarms().getFirst().stateValue())
                .isEqualTo(StateValue.ALARM);
        assertThat(world.told).containsExactly("ALARM to " + TOPIC);
        assertThatThrownBy(() -> world.call(c -> c.deleteAlarms(r -> r.alarmNames("a")))).hasMessageContaining("composite alarm(s) depending on it");
        world.call(c -> c.putCompositeAlarm(r -> r.alarmName("outer").alarmRule("OK(both)")));
        assertThatThrownBy(() -> world.call(c -> c.putCompositeAlarm(r -> r.alarmName("both").alarmRule("OK(outer)")))).hasMessageContaining("cycle");
    }

    private static String code(Throwable e) {
        return ((AwsServiceException) e).awsErrorDetails().errorCode();
    }
}
