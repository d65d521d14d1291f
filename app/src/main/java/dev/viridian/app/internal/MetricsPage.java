package dev.viridian.app.internal;

import dev.viridian.services.elbv2.Observed;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The same figures as `viridian lb top`, for Prometheus: one page of text, made when it is asked for. Nothing of it, and nothing of the library that
/// writes it, is loaded before.
///
/// Targets come and go, so none has series of its own: a group's figures include those of targets that are gone and never go back.
final class MetricsPage {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private MetricsPage() {}

    static String of(Observed observed, String version) {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        new LoadBalancerFamilies(observed).snapshots().forEach(all::metricSnapshot);
        new ProcessFamilies(version).snapshots().forEach(all::metricSnapshot);
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(page, all.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString(StandardCharsets.UTF_8);
    }
}
