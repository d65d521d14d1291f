package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.StatisticSet;

/// Turns a PutMetricData request into samples, or refuses it whole.
///
/// Source: CloudWatch API, PutMetricData and MetricDatum; wordings as published for the real service.
final class MetricIntake {
    private static final int MOST_DATA = 1000;
    private static final int MOST_VALUES = 150;
    private static final Duration OLDEST = Duration.ofDays(14);

    private MetricIntake() {}

    static List<Metrics.Samples> samples(PutMetricDataRequest request, Instant now) {
        if (request.namespace().startsWith("AWS/") && !(Caller.current().principal() instanceof Principal.Service)) {
            throw Refusals.value("The value AWS/ for parameter Namespace is invalid.");
        }
        if (request.metricData().isEmpty() && request.entityMetricData().isEmpty()) {
            throw Refusals.missing("The parameter MetricData is required.");
        }
        List<MetricDatum> all = new ArrayList<>(request.metricData());
        request.entityMetricData().forEach(entity -> all.addAll(entity.metricData()));
        if (all.size() > MOST_DATA) {
            throw Refusals.value("The collection MetricData must not have a size greater than " + MOST_DATA + ".");
        }
        List<Metrics.Samples> samples = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            samples.add(samples(request.namespace(), all.get(i), "MetricData.member." + (i + 1), now));
        }
        return samples;
    }

    private static Metrics.Samples samples(String namespace, MetricDatum datum, String at, Instant now) {
        if (datum.metricName() == null || datum.metricName().isBlank()) {
            throw Refusals.missing("The parameter " + at + ".MetricName is required.");
        }
        for (int i = 0; i < datum.dimensions().size(); i++) {
            if (datum.dimensions().get(i).value() == null || datum.dimensions().get(i).value().isBlank()) {
                throw Refusals.value("The value for parameter " + at + ".Dimensions.member." + (i + 1) + ".Value must not be blank.");
            }
        }
        Integer resolution = datum.storageResolution();
        if (resolution != null && resolution != 1 && resolution != 60) {
            throw Refusals.value("The value " + resolution + " for parameter " + at + ".StorageResolution is invalid; it must be 1 or 60.");
        }
        StandardUnit unit = datum.unit() == null ? StandardUnit.NONE : datum.unit();
        return new Metrics.Samples(new MetricId(namespace, datum.metricName(), datum.dimensions()), moment(datum, at, now), unit.toString(),
                distribution(datum, at),
                resolution != null && resolution == 1);
    }

    private static Instant moment(MetricDatum datum, String at, Instant now) {
        Instant moment = datum.timestamp() == null ? now : datum.timestamp();
        if (moment.isBefore(now.minus(OLDEST)) || moment.isAfter(now.plus(Metrics.FUTURE))) {
            throw Refusals.value("The parameter " + at
                    + ".Timestamp must specify a time no later than two hours in the future and no earlier than two weeks in the past.");
        }
        return moment;
    }

    private static Distribution distribution(MetricDatum datum, String at) {
        if (datum.value() != null && datum.hasValues()) {
            throw exclusive(at, "Value", "Values");
        }
        if (datum.value() != null && datum.statisticValues() != null) {
            throw exclusive(at, "Value", "StatisticValues");
        }
        if (datum.hasValues() && datum.statisticValues() != null) {
            throw exclusive(at, "Values", "StatisticValues");
        }
        if (datum.value() != null) {
            return Distribution.of(number(datum.value(), at + ".Value"), 1);
        }
        if (datum.statisticValues() != null) {
            return summary(datum.statisticValues(), at + ".StatisticValues");
        }
        if (datum.hasValues()) {
            return values(datum, at);
        }
        throw Refusals.missing("At least one of the parameters must be specified.");
    }

    private static Distribution summary(StatisticSet set, String at) {
        if (set.sampleCount() == null || set.sum() == null || set.minimum() == null || set.maximum() == null) {
            throw Refusals.missing("The parameters " + at + ".SampleCount, Sum, Minimum and Maximum are required.");
        }
        if (set.sampleCount() <= 0) {
            throw Refusals.value("The value " + set.sampleCount() + " for parameter " + at + ".SampleCount is invalid.");
        }
        if (set.maximum() < set.minimum()) {
            throw Refusals.combination("The parameter " + at + ".Maximum must be greater than " + at + ".Minimum.");
        }
        return Distribution.summary(number(set.sampleCount(), at + ".SampleCount"), number(set.sum(), at + ".Sum"),
                number(set.minimum(), at + ".Minimum"),
                number(set.maximum(), at + ".Maximum"));
    }

    private static Distribution values(MetricDatum datum, String at) {
        List<Double> values = datum.values();
        List<Double> counts = datum.counts();
        if (datum.hasCounts() && counts.size() != values.size()) {
            throw Refusals.value("The parameters " + at + ".Values and " + at + ".Counts must be of the same size.");
        }
        if (values.isEmpty() || values.size() > MOST_VALUES) {
            throw Refusals.value("The collection " + at + ".Values must have between 1 and " + MOST_VALUES + " members.");
        }
        @Nullable Distribution sum = null;
        for (int i = 0; i < values.size(); i++) {
            double count = datum.hasCounts() ? number(counts.get(i), at + ".Counts.member." + (i + 1)) : 1;
            if (count <= 0) {
                throw Refusals.value("The value " + count + " for parameter " + at + ".Counts.member." + (i + 1) + " is invalid.");
            }
            Distribution one = Distribution.of(number(values.get(i), at + ".Values.member." + (i + 1)), count);
            sum = sum == null ? one : sum.plus(one);
        }
        return java.util.Objects.requireNonNull(sum);
    }

    private static double number(double value, String at) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw Refusals.value("The value " + value + " for parameter " + at + " is invalid.");
        }
        return value;
    }

    private static RuntimeException exclusive(String at, String one, String other) {
        return Refusals.combination("The parameters " + at + "." + one + " and " + at + "." + other
                + " are mutually exclusive and you have specified both.");
    }
}
