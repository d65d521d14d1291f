package dev.viridian.container.docker;

import dev.viridian.container.ContainerStats;
import java.time.Instant;
import java.time.OffsetDateTime;
import tools.jackson.databind.JsonNode;

/// `GET /containers/{id}/stats`, as our own counters.
final class Counters {
    private Counters() {}

    static ContainerStats of(JsonNode node) {
        JsonNode memory = node.path("memory_stats");
        // page cache can be dropped at any time: docker's own client does not count it either (cgroup v1 and v2 name it differently)
        JsonNode detail = memory.path("stats");
        long cache = detail.path("total_inactive_file").asLong(detail.path("inactive_file").asLong(0));
        long received = 0;
        long sent = 0;
        for (JsonNode network : node.path("networks").values()) {
            received += network.path("rx_bytes").asLong(0);
            sent += network.path("tx_bytes").asLong(0);
        }
        Instant at = OffsetDateTime.parse(node.path("read").asString("1970-01-01T00:00:00Z")).toInstant();
        return new ContainerStats(at, node.path("cpu_stats").path("cpu_usage").path("total_usage").asLong(0),
                Math.max(0, memory.path("usage").asLong(0) - cache), memory.path("limit").asLong(0), received, sent);
    }
}
