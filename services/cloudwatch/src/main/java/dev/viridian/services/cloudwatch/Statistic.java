package dev.viridian.services.cloudwatch;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One number made of many samples: `Sum`, `p99.9`, `tm(10%:90%)`, ...
///
/// Source: CloudWatch user guide, "CloudWatch statistics definitions".
sealed interface Statistic {

    /// The five that are known for every datapoint.
    enum Basic implements Statistic {
        SampleCount, Average, Sum, Minimum, Maximum;

        @Override
        public OptionalDouble of(Distribution samples) {
            return OptionalDouble.of(switch (this) {
                case SampleCount -> samples.count();
                case Average -> samples.average();
                case Sum -> samples.sum();
                case Minimum -> samples.min();
                case Maximum -> samples.max();
            });
        }
    }

    record Percentile(String name, double percent) implements Statistic {
        @Override
        public OptionalDouble of(Distribution samples) {
            return samples.spreadKnown() ? OptionalDouble.of(samples.percentile(percent)) : OptionalDouble.empty();
        }

        /// With fewer samples than this an alarm on the percentile may be told to look away (`EvaluateLowSampleCountPercentile`).
        double fewestMeaningfulSamples() {
            double share = percent / 100;
            return share >= 0.5 ? 10 / (1 - share) : 10 / share;
        }
    }

    /// Statistics over the samples between two bounds: `tm` trimmed mean, `wm` winsorised mean, `tc` and `ts` trimmed count and sum, `pr` percentile
    /// rank.
    record Between(String name, Kind kind, Bound low, Bound high) implements Statistic {
        enum Kind { TM, WM, TC, TS, PR }

        @Override
        public OptionalDouble of(Distribution samples) {
            if (!samples.spreadKnown()) {
                return OptionalDouble.empty();
            }
            double from = low.in(samples, Double.NEGATIVE_INFINITY);
            double to = high.in(samples, Double.POSITIVE_INFINITY);
            double count = 0;
            double sum = 0;
            double clipped = 0;
            for (int i = 0; i < samples.values().size(); i++) {
                double value = samples.values().get(i);
                double times = samples.counts().get(i);
                clipped += Math.clamp(value, from, to) * times;
                if (value >= from && value <= to) {
                    count += times;
                    sum += value * times;
                }
            }
            return switch (kind) {
                case TM -> count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
                case WM -> OptionalDouble.of(clipped / samples.count());
                case TC -> OptionalDouble.of(count);
                case TS -> OptionalDouble.of(sum);
                case PR -> OptionalDouble.of(100 * count / samples.count());
            };
        }
    }

    /// @param percent whether `value` is a share of the samples rather than a sample value; NaN for "no bound"
    record Bound(double value, boolean percent) {
        static final Bound NONE = new Bound(Double.NaN, false);

        double in(Distribution samples, double none) {
            return Double.isNaN(value) ? none : percent ? samples.percentile(value) : value;
        }
    }

    /// Empty when the samples do not carry what this statistic needs.
    OptionalDouble of(Distribution samples);

    String name();

    Pattern PERCENT = Pattern.compile("(p|tm|wm|tc|ts)(\\d{1,3}(?:\\.\\d{1,10})?)");
    Pattern RANGE = Pattern.compile("(?i)(tm|wm|tc|ts|pr)\\(([^:]*):([^:]*)\\)");

    /// Empty when there is no such statistic.
    static Optional<Statistic> parse(String name) {
        for (Basic basic : Basic.values()) {
            if (basic.name().equals(name)) {
                return Optional.of(basic);
            }
        }
        if (name.equalsIgnoreCase("iqm")) {
            return Optional.of(new Between(name, Between.Kind.TM, new Bound(25, true), new Bound(75, true)));
        }
        Matcher percent = PERCENT.matcher(name);
        if (percent.matches()) {
            return ofPercent(name, percent.group(1), Double.parseDouble(percent.group(2)));
        }
        Matcher range = RANGE.matcher(name);
        return range.matches() ? ofRange(name, range) : Optional.empty();
    }

    private static Optional<Statistic> ofPercent(String name, String kind, double percent) {
        if (percent > 100) {
            return Optional.empty();
        }
        return Optional.of(kind.equals("p") ? new Percentile(name, percent) : new Between(name, kind(kind), Bound.NONE, new Bound(percent, true)));
    }

    private static Optional<Statistic> ofRange(String name, Matcher range) {
        try {
            return Optional.of(new Between(name, kind(range.group(1)), bound(range.group(2)), bound(range.group(3))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Between.Kind kind(String text) {
        return Between.Kind.valueOf(text.toUpperCase(java.util.Locale.ROOT));
    }

    private static Bound bound(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return Bound.NONE;
        }
        boolean percent = trimmed.endsWith("%");
        return new Bound(Double.parseDouble(percent ? trimmed.substring(0, trimmed.length() - 1) : trimmed), percent);
    }
}
