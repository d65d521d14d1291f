package dev.viridian.services.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;

/// Queries that may refer to each other by id, as GetMetricData and metric math alarms have them.
final class QuerySet {
    private static final Pattern ID = Pattern.compile("[a-z][a-zA-Z0-9_]*");

    private final Map<String, MetricDataQuery> queries = new LinkedHashMap<>();
    private final Map<String, MathExpression> expressions = new HashMap<>();

    /// @param parameter how the request calls the list, for messages
    /// @throws software.amazon.awssdk.services.cloudwatch.model.CloudWatchException when they contradict themselves
    QuerySet(List<MetricDataQuery> all, String parameter) {
        for (int i = 0; i < all.size(); i++) {
            MetricDataQuery query = all.get(i);
            String at = parameter + ".member." + (i + 1);
            check(query, at);
            if (queries.put(query.id(), query) != null) {
                throw Refusals.validation("The values for parameter id in " + parameter + " are not unique.");
            }
            if (query.expression() != null) {
                expressions.put(query.id(), parse(query, at));
            }
        }
        queries.keySet().forEach(id -> checkReferences(id, new HashSet<>()));
    }

    private static void check(MetricDataQuery query, String at) {
        if (query.id() == null || !ID.matcher(query.id()).matches()) {
            throw Refusals.validation("The value " + query.id() + " for parameter " + at
                    + ".Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.");
        }
        if ((query.metricStat() == null) == (query.expression() == null)) {
            throw Refusals.validation("Either " + at + ".MetricStat or " + at + ".Expression must be specified, and not both.");
        }
        if (query.metricStat() != null && Statistic.parse(query.metricStat().stat()).isEmpty()) {
            throw Refusals.validation("The value " + query.metricStat().stat() + " for parameter " + at + ".MetricStat.Stat is not supported.");
        }
    }

    private static MathExpression parse(MetricDataQuery query, String at) {
        try {
            return MathExpression.parse(query.expression());
        } catch (MathExpression.Malformed e) {
            throw Refusals.validation("Error in expression '" + query.id() + "' (" + at + ".Expression): " + e.getMessage());
        }
    }

    private void checkReferences(String id, Set<String> path) {
        if (!path.add(id)) {
            throw Refusals.validation("Error in expression '" + id + "': the expression refers to itself.");
        }
        MathExpression expression = expressions.get(id);
        if (expression != null) {
            for (String other : expression.references()) {
                if (queries.containsKey(other)) {
                    checkReferences(other, path);
                } else if (!other.equals("*") && !other.equalsIgnoreCase("REPEAT") && !other.equalsIgnoreCase("LINEAR")) {
                    throw Refusals.validation("Error in expression '" + id + "': Undefined reference " + other);
                }
            }
        }
        path.remove(id);
    }

    /// The values of the query with this id.
    ///
    /// @param data what a plain metric has to say on the same grid
    MathValue.Line evaluate(String id, List<Instant> grid, Duration period, double seconds, Function<MetricStat, MathValue.Line> data) {
        Map<String, MathValue.Line> metrics = new LinkedHashMap<>();
        queries.values().stream().filter(query -> query.metricStat() != null)
                .forEach(query -> metrics.put(query.id(), data.apply(query.metricStat())));
        try {
            return switch (value(id, metrics, grid, period, seconds)) {
                case MathValue.Line line -> line;
                case MathValue.Scalar(double scalar) -> constant(scalar, grid);
                case MathValue.Lines _ -> throw new MathExpression.Malformed("the result must be a single time series");
            };
        } catch (MathExpression.Malformed e) {
            throw Refusals.validation("Error in expression '" + id + "': " + e.getMessage());
        }
    }

    private MathValue value(String id, Map<String, MathValue.Line> metrics, List<Instant> grid, Duration period, double seconds) {
        if (metrics.containsKey(id)) {
            return metrics.get(id);
        }
        MathExpression expression = expressions.get(id);
        if (expression == null) {
            throw new MathExpression.Malformed("Undefined reference " + id);
        }
        return new MetricMath(grid, period, seconds, metrics, other -> value(other, metrics, grid, period, seconds)).evaluate(expression);
    }

    private static MathValue.Line constant(double value, List<Instant> grid) {
        TreeMap<Instant, Double> values = new TreeMap<>();
        grid.forEach(moment -> values.put(moment, value));
        return new MathValue.Line(values);
    }
}
