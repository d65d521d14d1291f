package dev.viridian.container.docker;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerState;
import dev.viridian.container.ContainerState.Created;
import dev.viridian.container.ContainerState.Exited;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.ContainerState.Phase;
import dev.viridian.container.ContainerState.Running;
import dev.viridian.container.PortBinding;
import dev.viridian.container.PortBinding.Protocol;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// `GET /containers/{id}/json`, as our own state.
final class Inspected {
    private Inspected() {}

    static ContainerState state(JsonNode node) {
        JsonNode config = node.path("Config");
        JsonNode state = node.path("State");
        Map<String, String> labels = Json.map(config.path("Labels"));
        return new ContainerState(node.path("Id").asString(""), labels.getOrDefault(ContainerRuntime.IDENTITY_LABEL, ""),
                node.path("Name").asString("").replaceFirst("^/", ""), config.path("Image").asString(""), node.path("Image").asString(""), labels,
                phase(state), health(state), addresses(node.path("NetworkSettings").path("Networks")),
                ports(node.path("NetworkSettings").path("Ports")), moment(node.path("Created")).orElse(Instant.EPOCH),
                moment(state.path("StartedAt")), moment(state.path("FinishedAt")));
    }

    static boolean goingAway(JsonNode node) {
        return node.path("State").path("Status").asString("").equals("removing");
    }

    private static Phase phase(JsonNode state) {
        return switch (state.path("Status").asString("")) {
            case "created", "initialized", "configured" -> new Created();
            case "running", "paused", "restarting" -> new Running();
            default -> new Exited(state.path("ExitCode").asInt(0), state.path("OOMKilled").asBoolean(false), state.path("Error").asString(""));
        };
    }

    private static Health health(JsonNode state) {
        return switch (state.path("Health").path("Status").asString("none")) {
            case "starting" -> Health.STARTING;
            case "healthy" -> Health.HEALTHY;
            case "unhealthy" -> Health.UNHEALTHY;
            default -> Health.NONE;
        };
    }

    private static Map<String, String> addresses(JsonNode networks) {
        Map<String, String> addresses = new LinkedHashMap<>();
        networks.properties().forEach(network -> {
            String address = network.getValue().path("IPAddress").asString("");
            if (!address.isEmpty()) {
                addresses.put(network.getKey(), address);
            }
        });
        return addresses;
    }

    private static List<PortBinding> ports(JsonNode ports) {
        List<PortBinding> bindings = new ArrayList<>();
        ports.properties().forEach(port -> {
            String[] key = port.getKey().split("/");
            for (JsonNode binding : port.getValue().values()) {
                bindings.add(new PortBinding(Integer.parseInt(key[0]), Protocol.valueOf(key[1].toUpperCase(Locale.ROOT)),
                        binding.path("HostIp").asString(""), Integer.parseInt(binding.path("HostPort").asString("0"))));
            }
        });
        return bindings;
    }

    /// The engine writes the year 1 for "never".
    private static Optional<Instant> moment(JsonNode node) {
        String text = node.asString("");
        return text.isEmpty() || text.startsWith("0001-") ? Optional.empty() : Optional.of(OffsetDateTime.parse(text).toInstant());
    }
}
