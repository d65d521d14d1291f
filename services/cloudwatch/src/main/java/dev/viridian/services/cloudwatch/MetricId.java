package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Ids;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;

/// What makes a metric that metric: namespace, name and the exact set of dimensions. There is no roll-up over dimensions: asked with fewer of them
/// one finds another (often empty) metric.
///
/// @param dimensions ordered by name
record MetricId(String namespace, String name, List<Dimension> dimensions) {

    MetricId {
        dimensions = dimensions.stream().sorted(Comparator.comparing(Dimension::name).thenComparing(Dimension::value)).toList();
    }

    static MetricId of(Metric metric) {
        return new MetricId(metric.namespace(), metric.metricName(), metric.dimensions());
    }

    Metric metric() {
        return Metric.builder().namespace(namespace).metricName(name).dimensions(dimensions).build();
    }

    /// A short name for keys: equal for equal metrics.
    String digest() {
        StringBuilder text = new StringBuilder(namespace).append('\u001f').append(name);
        dimensions.forEach(dimension -> text.append('\u001f').append(dimension.name()).append('\u001e').append(dimension.value()));
        return Ids.stable(text.toString(), 26);
    }
}
