package dev.viridian.services.cloudwatch;

import dev.viridian.services.cloudwatch.MathExpression.Malformed;
import dev.viridian.services.cloudwatch.MathValue.Line;
import dev.viridian.services.cloudwatch.MathValue.Lines;
import dev.viridian.services.cloudwatch.MathValue.Scalar;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

/// Evaluates metric math over series that share a grid of periods.
///
/// @param grid the start of every period asked for, rising; what FILL fills and TIME_SERIES spans
/// @param period real length of one period; what RATE divides by is `seconds`
/// @param seconds length of one period in configured seconds
/// @param metrics the plain metrics, by id; what `METRICS()` gives
/// @param lookup any other query of the request, by id
record MetricMath(List<Instant> grid, Duration period, double seconds, Map<String, Line> metrics, Function<String, MathValue> lookup) {

    MathValue evaluate(MathExpression expression) {
        return switch (expression) {
            case MathExpression.Literal(double value) -> new Scalar(value);
            case MathExpression.Text(String value) -> throw new Malformed("the text '" + value + "' cannot stand here");
            case MathExpression.Reference(String id) -> lookup.apply(id);
            case MathExpression.Negation(MathExpression operand) -> evaluate(operand).map(value -> -value);
            case MathExpression.Operation(String operator, MathExpression left, MathExpression right) -> evaluate(left).combine(evaluate(right),
                    operator(operator));
            case MathExpression.Call(String function, List<MathExpression> arguments) -> call(function, arguments);
        };
    }

    private static DoubleBinaryOperator operator(String operator) {
        return switch (operator) {
            case "+" -> Double::sum;
            case "-" -> (a, b) -> a - b;
            case "*" -> (a, b) -> a * b;
            case "/" -> (a, b) -> b == 0 ? Double.NaN : a / b;
            case "%" -> (a, b) -> b == 0 ? Double.NaN : a % b;
            case "^" -> Math::pow;
            case "==" -> (a, b) -> truth(a == b);
            case "!=" -> (a, b) -> truth(a != b);
            case "<" -> (a, b) -> truth(a < b);
            case "<=" -> (a, b) -> truth(a <= b);
            case ">" -> (a, b) -> truth(a > b);
            case ">=" -> (a, b) -> truth(a >= b);
            case "&&", "AND" -> (a, b) -> truth(a != 0 && b != 0);
            case "||", "OR" -> (a, b) -> truth(a != 0 || b != 0);
            default -> throw new Malformed("unknown operator " + operator);
        };
    }

    private static double truth(boolean holds) {
        return holds ? 1 : 0;
    }

    private MathValue call(String function, List<MathExpression> arguments) {
        return switch (function) {
            case "ARRAY" -> new Lines(arguments.stream().map(this::line).toList());
            case "METRICS" -> metricsNamed(arguments);
            case "SUM" -> argument(arguments, 0).fold(values -> Arrays.stream(values).sum());
            case "AVG" -> argument(arguments, 0).fold(values -> Arrays.stream(values).average().orElse(Double.NaN));
            case "MIN" -> argument(arguments, 0).fold(values -> Arrays.stream(values).min().orElse(Double.NaN));
            case "MAX" -> argument(arguments, 0).fold(values -> Arrays.stream(values).max().orElse(Double.NaN));
            case "STDDEV" -> argument(arguments, 0).fold(MetricMath::deviation);
            case "METRIC_COUNT" -> new Scalar(argument(arguments, 0) instanceof Lines(List<Line> lines) ? lines.size() : 1);
            case "ABS" -> argument(arguments, 0).map(Math::abs);
            case "CEIL" -> argument(arguments, 0).map(Math::ceil);
            case "FLOOR" -> argument(arguments, 0).map(Math::floor);
            case "LOG" -> argument(arguments, 0).map(Math::log);
            case "LOG10" -> argument(arguments, 0).map(Math::log10);
            case "EXP" -> argument(arguments, 0).map(Math::exp);
            case "FILL" -> fill(line(at(arguments, 0)), at(arguments, 1));
            case "IF" -> choose(arguments);
            case "PERIOD" -> new Scalar(seconds);
            case "RATE" -> differences(line(at(arguments, 0)), (change, gap) -> change / (gap * seconds));
            case "DIFF" -> differences(line(at(arguments, 0)), (change, gap) -> change);
            case "DIFF_TIME" -> differences(line(at(arguments, 0)), (change, gap) -> gap * seconds);
            case "RUNNING_SUM" -> runningSum(line(at(arguments, 0)));
            case "TIME_SERIES" -> constant(((Scalar) argument(arguments, 0)).value());
            default -> throw new Malformed("the function " + function + " is not supported");
        };
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(Double.NaN));
    }

    private static MathExpression at(List<MathExpression> arguments, int index) {
        if (arguments.size() <= index) {
            throw new Malformed("an argument is missing");
        }
        return arguments.get(index);
    }

    private MathValue argument(List<MathExpression> arguments, int index) {
        return evaluate(at(arguments, index));
    }

    private Line line(MathExpression expression) {
        return switch (evaluate(expression)) {
            case Line line -> line;
            case Scalar(double value) -> constant(value);
            case Lines _ -> throw new Malformed("a single time series is needed, not several");
        };
    }

    private Line constant(double value) {
        TreeMap<Instant, Double> values = new TreeMap<>();
        grid.forEach(moment -> values.put(moment, value));
        return new Line(values);
    }

    private Lines metricsNamed(List<MathExpression> arguments) {
        String part = arguments.isEmpty() ? "" : arguments.getFirst() instanceof MathExpression.Text(String text) ? text : "";
        return new Lines(metrics.entrySet().stream().filter(entry -> entry.getKey().contains(part)).map(Map.Entry::getValue).toList());
    }

    private Line fill(Line line, MathExpression filling) {
        if (filling instanceof MathExpression.Reference(String word) && word.equalsIgnoreCase("REPEAT")) {
            return filled(line, moment -> line.values().floorEntry(moment) == null ? Double.NaN : line.values().floorEntry(moment).getValue());
        }
        if (filling instanceof MathExpression.Reference(String word) && word.equalsIgnoreCase("LINEAR")) {
            return filled(line, moment -> between(line, moment));
        }
        Line substitute = line(filling);
        return filled(line, moment -> substitute.values().getOrDefault(moment, Double.NaN));
    }

    private Line filled(Line line, Function<Instant, Double> missing) {
        TreeMap<Instant, Double> values = new TreeMap<>(line.values());
        grid.forEach(moment -> values.computeIfAbsent(moment, missing));
        return new Line(values);
    }

    private static double between(Line line, Instant moment) {
        Map.Entry<Instant, Double> before = line.values().floorEntry(moment);
        Map.Entry<Instant, Double> after = line.values().ceilingEntry(moment);
        if (before == null || after == null) {
            return Double.NaN;
        }
        double share = (double) Duration.between(before.getKey(), moment).toMillis() / Duration.between(before.getKey(), after.getKey()).toMillis();
        return before.getValue() + share * (after.getValue() - before.getValue());
    }

    private MathValue choose(List<MathExpression> arguments) {
        MathValue condition = argument(arguments, 0);
        if (condition instanceof Scalar(double truth)) {
            return truth != 0 ? argument(arguments, 1) : arguments.size() > 2 ? argument(arguments, 2) : new Line(new TreeMap<>());
        }
        Line yes = line(at(arguments, 1));
        Line no = arguments.size() > 2 ? line(arguments.get(2)) : new Line(new TreeMap<>());
        TreeMap<Instant, Double> chosen = new TreeMap<>();
        line(arguments.getFirst()).values().forEach((moment, truth) -> {
            Double value = (truth != 0 ? yes : no).values().get(moment);
            if (value != null) {
                chosen.put(moment, value);
            }
        });
        return new Line(chosen);
    }

    private Line differences(Line line, DoubleBinaryOperator result) {
        TreeMap<Instant, Double> values = new TreeMap<>();
        line.values().forEach((moment, value) -> {
            Map.Entry<Instant, Double> before = line.values().lowerEntry(moment);
            if (before != null) {
                double periods = (double) Duration.between(before.getKey(), moment).toMillis() / period.toMillis();
                values.put(moment, result.applyAsDouble(value - before.getValue(), periods));
            }
        });
        return new Line(values);
    }

    private static Line runningSum(Line line) {
        TreeMap<Instant, Double> values = new TreeMap<>();
        double sum = 0;
        for (Map.Entry<Instant, Double> entry : line.values().entrySet()) {
            sum += entry.getValue();
            values.put(entry.getKey(), sum);
        }
        return new Line(values);
    }
}
