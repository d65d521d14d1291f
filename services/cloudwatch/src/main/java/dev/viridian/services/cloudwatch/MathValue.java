package dev.viridian.services.cloudwatch;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/// What metric math computes with.
sealed interface MathValue {

    record Scalar(double value) implements MathValue {}

    /// A time series: one value per period that has data.
    record Line(TreeMap<Instant, Double> values) implements MathValue {
        /// Values that are no number (a division by zero) leave a gap, as in CloudWatch.
        public Line {
            values = new TreeMap<>(values);
            values.values().removeIf(value -> value.isNaN() || value.isInfinite());
        }
    }

    /// Several time series, as `METRICS()` gives them.
    record Lines(List<Line> lines) implements MathValue {}

    default MathValue map(DoubleUnaryOperator function) {
        return switch (this) {
            case Scalar(double value) -> new Scalar(function.applyAsDouble(value));
            case Line(TreeMap<Instant, Double> values) -> {
                TreeMap<Instant, Double> mapped = new TreeMap<>();
                values.forEach((at, value) -> mapped.put(at, function.applyAsDouble(value)));
                yield new Line(mapped);
            }
            case Lines(List<Line> lines) -> new Lines(lines.stream().map(line -> (Line) line.map(function)).toList());
        };
    }

    /// Point by point; where only one side has a point, the result has none.
    default MathValue combine(MathValue other, DoubleBinaryOperator function) {
        if (other instanceof Scalar(double right)) {
            return map(left -> function.applyAsDouble(left, right));
        }
        if (this instanceof Scalar(double left)) {
            return other.map(right -> function.applyAsDouble(left, right));
        }
        if (this instanceof Lines(List<Line> lines)) {
            return new Lines(lines.stream().map(line -> (Line) line.combine(other, function)).toList());
        }
        if (other instanceof Lines(List<Line> lines)) {
            return new Lines(lines.stream().map(line -> (Line) combine(line, function)).toList());
        }
        TreeMap<Instant, Double> right = ((Line) other).values();
        TreeMap<Instant, Double> combined = new TreeMap<>();
        ((Line) this).values().forEach((at, value) -> {
            if (right.containsKey(at)) {
                combined.put(at, function.applyAsDouble(value, right.get(at)));
            }
        });
        return new Line(combined);
    }

    /// Of one series: a single number. Of several: a series of what they have at each moment.
    default MathValue fold(ToDoubleFunction<double[]> function) {
        return switch (this) {
            case Scalar _ -> this;
            case Line(TreeMap<Instant, Double> values) -> new Scalar(values.isEmpty() ? Double.NaN
                    : function.applyAsDouble(numbers(values.values())));
            case Lines(List<Line> lines) -> {
                TreeSet<Instant> moments = new TreeSet<>();
                lines.forEach(line -> moments.addAll(line.values().keySet()));
                TreeMap<Instant, Double> folded = new TreeMap<>();
                moments.forEach(at -> folded.put(at, function.applyAsDouble(
                        numbers(lines.stream().filter(line -> line.values().containsKey(at)).map(line -> line.values().get(at)).toList()))));
                yield new Line(folded);
            }
        };
    }

    private static double[] numbers(java.util.Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
