package dev.viridian.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

class MetricsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void samples_of_a_minute_become_one_datapoint() {
        for (int value = 1; value <= 4; value++) {
            world.put("Latency", value);
        }

        Datapoint point = statistics("Latency", NOON, NOON.plusSeconds(60), 60).getFirst();
        assertThat(point.sampleCount()).isEqualTo(4);
        assertThat(point.sum()).isEqualTo(10);
        assertThat(point.average()).isEqualTo(2.5);
        assertThat(point.minimum()).isEqualTo(1);
        assertThat(point.maximum()).isEqualTo(4);
        assertThat(point.timestamp()).isEqualTo(NOON);
    }

    @Test
    void the_end_of_a_query_is_exclusive_and_periods_begin_at_its_start() {
        world.put("Latency", 1);
        world.pass(60);
        world.put("Latency", 2);
        world.pass(60);
        world.put("Latency", 4);

        assertThat(statistics("Latency", NOON, NOON.plusSeconds(120), 60)).extracting(Datapoint::sum).containsExactly(1.0, 2.0);
        assertThat(statistics("Latency", NOON.plusSeconds(60), NOON.plusSeconds(660), 300)).extracting(Datapoint::sum).containsExactly(6.0);
    }

    @Test
    void dimensions_must_match_exactly() {
        put(PutMetricDataRequest.builder().namespace("Shop").metricData(d -> d.metricName("Errors").value(1.0).dimensions(dimension("Group", "blue"),
                dimension("Zone", "a"))));

        assertThat(world.call(c -> c.getMetricStatistics(r -> r.namespace("Shop").metricName("Errors").dimensions(dimension("Group", "blue"))
                .startTime(NOON)
                .endTime(NOON.plusSeconds(60)).period(60).statistics(Statistic.SUM))).datapoints()).isEmpty();
        assertThat(world.call(c -> c.getMetricStatistics(r -> r.namespace("Shop").metricName("Errors").dimensions(dimension("Zone", "a"),
                dimension("Group", "blue"))
                .startTime(NOON).endTime(NOON.plusSeconds(60)).period(60).statistics(Statistic.SUM))).datapoints()).hasSize(1);
        assertThat(world.call(c -> c.listMetrics(r -> r.dimensions(f -> f.name("Zone")))).metrics()).hasSize(1);
    }

    @Test
    void percentiles_come_from_values_and_counts() {
        put(PutMetricDataRequest.builder().namespace("Shop").metricData(d -> d.metricName("Latency").values(1.0, 2.0, 10.0).counts(50.0, 49.0, 1.0)));

        var point = world.call(c -> c.getMetricStatistics(r -> r.namespace("Shop").metricName("Latency").startTime(NOON).endTime(NOON.plusSeconds(60))
                .period(60)
                .extendedStatistics("p50", "p99", "p100", "tm(0%:99%)"))).datapoints().getFirst();
        assertThat(point.extendedStatistics()).containsEntry("p50", 1.0).containsEntry("p99", 2.0).containsEntry("p100", 10.0);
        assertThat(point.extendedStatistics().get("tm(0%:99%)")).isBetween(1.49, 1.5);
    }

    @Test
    void impossible_data_is_refused_whole() {
        refused("The value NaN for parameter MetricData.member.1.Value is invalid.", d -> d.metricName("m").value(Double.NaN));
        refused("The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
                d -> d.metricName("m").values(1.0, 2.0).counts(1.0));
        refused("The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.",
                d -> d.metricName("m").value(1.0).values(1.0));
        assertThatThrownBy(() -> put(PutMetricDataRequest.builder().namespace("AWS/ECS").metricData(d -> d.metricName("m").value(1.0))))
                .isInstanceOf(InvalidParameterValueException.class).hasMessageContaining("The value AWS/ for parameter Namespace is invalid.");
        assertThat(world.call(c -> c.listMetrics(r -> { })).metrics()).isEmpty();
    }

    @Test
    void a_service_may_write_into_its_own_namespace() {
        world.as(Caller.service("elasticloadbalancing.amazonaws.com", "123456789012", "us-east-1"),
                () -> world.cloudWatch.putMetricData(r -> r.namespace("AWS/ApplicationELB")
                .metricData(d -> d.metricName("RequestCount").value(1.0))));

        assertThat(world.call(c -> c.listMetrics(r -> r.namespace("AWS/ApplicationELB"))).metrics()).hasSize(1);
    }

    @Test
    void queries_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> statistics("m", NOON, NOON, 60)).isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("The parameter StartTime must be less than the parameter EndTime.");
        assertThatThrownBy(() -> statistics("m", NOON, NOON.plus(Duration.ofDays(2)), 60)).isInstanceOf(InvalidParameterCombinationException.class)
                .hasMessageContaining("You have requested up to 2,880 datapoints, which exceeds the limit of 1,440.");
        assertThatThrownBy(() -> world.call(c -> c.getMetricData(r -> r.startTime(NOON).endTime(NOON).metricDataQueries(List.of()))))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("The parameter StartTime must not equal parameter EndTime.");
    }

    @Test
    void metric_data_computes_expressions_newest_first() {
        world.put("Errors", 1);
        world.put("Requests", 4);
        world.pass(60);
        world.put("Requests", 8);

        var results = world.call(c -> c.getMetricData(r -> r.startTime(NOON).endTime(NOON.plusSeconds(120)).metricDataQueries(
                q -> q.id("e").metricStat(s -> s.metric(m -> m.namespace("Shop").metricName("Errors")).period(60).stat("Sum")).returnData(false),
                q -> q.id("r").metricStat(s -> s.metric(m -> m.namespace("Shop").metricName("Requests")).period(60).stat("Sum")),
                q -> q.id("rate").expression("IF(r > 0, FILL(e, 0) / r * 100, 0)").label("error rate"),
                q -> q.id("total").expression("SUM(METRICS())")))).metricDataResults();

        assertThat(results).extracting("id").containsExactly("r", "rate", "total");
        assertThat(results.get(0).values()).containsExactly(8.0, 4.0);
        assertThat(results.get(1).values()).containsExactly(0.0, 25.0);
        assertThat(results.get(1).label()).isEqualTo("error rate");
        assertThat(results.get(2).values()).containsExactly(8.0, 5.0);
    }

    @Test
    void metric_data_comes_in_pages_of_the_size_asked_for() {
        for (int minute = 0; minute < 5; minute++) {
            world.put("Errors", minute);
            world.pass(60);
        }
        var first = data(null);
        assertThat(first.metricDataResults().getFirst().values()).containsExactly(4.0, 3.0, 2.0);
        assertThat(first.metricDataResults().getFirst().statusCodeAsString()).isEqualTo("PartialData");

        var second = data(first.nextToken());
        assertThat(second.metricDataResults().getFirst().values()).containsExactly(1.0, 0.0);
        assertThat(second.metricDataResults().getFirst().statusCodeAsString()).isEqualTo("Complete");
        assertThat(second.nextToken()).isNull();
    }

    private GetMetricDataResponse data(String token) {
        return world.call(c -> c.getMetricData(r -> r.startTime(NOON).endTime(NOON.plusSeconds(300)).maxDatapoints(3).nextToken(token)
                .metricDataQueries(
                q -> q.id("e").metricStat(s -> s.metric(m -> m.namespace("Shop").metricName("Errors")).period(60).stat("Sum")))));
    }

    @Test
    void old_minutes_are_folded_into_longer_spans_without_losing_a_sample() {
        for (int minute = 0; minute < 10; minute++) {
            world.put("Errors", 1);
            world.pass(60);
        }
        world.time.advance(Duration.ofDays(16));

        assertThat(statistics("Errors", NOON, NOON.plusSeconds(600), 300)).extracting(Datapoint::sum).containsExactly(5.0, 5.0);
        assertThat(world.store.table("cloudwatch.datapoints", Metrics.Points.class).list()).hasSizeLessThan(3);
    }

    private List<Datapoint> statistics(String metric, Instant from, Instant to, int period) {
        return world.call(c -> c.getMetricStatistics(r -> r.namespace("Shop").metricName(metric).startTime(from).endTime(to).period(period)
                .statistics(Statistic.SUM, Statistic.SAMPLE_COUNT, Statistic.AVERAGE, Statistic.MINIMUM, Statistic.MAXIMUM))).datapoints();
    }

    private void refused(String message, java.util.function.Consumer<software.amazon.awssdk.services.cloudwatch.model.MetricDatum.Builder> datum) {
        assertThatThrownBy(() -> put(PutMetricDataRequest.builder().namespace("Shop").metricData(datum))).isInstanceOf(AwsServiceException.class)
                .hasMessageContaining(message);
    }

    private void put(PutMetricDataRequest.Builder request) {
        world.call(c -> c.putMetricData(request.build()));
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }
}
