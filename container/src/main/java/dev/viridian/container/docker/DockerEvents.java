package dev.viridian.container.docker;

import dev.viridian.container.ContainerEvent;
import dev.viridian.container.ContainerEvent.Kind;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.Following;
import dev.viridian.engine.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/// The engine's event stream, taken up again whenever it breaks; each time it is, everything may have happened in between and readers are told so.
final class DockerEvents {
    private static final Logger LOG = LoggerFactory.getLogger(DockerEvents.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private final EngineApi api;
    private final Time time;

    DockerEvents(EngineApi api, Time time) {
        this.api = api;
        this.time = time;
    }

    Following follow(Map<String, String> labels, Consumer<ContainerEvent> sink) {
        return Background.start("container events", reader -> {
            try {
                stream(reader, labels, sink);
            } catch (ContainerException | IOException e) {
                if (!reader.closed()) {
                    LOG.warn("Lost the engine's event stream: {}. Trying again in {}.", e.getMessage(), PAUSE);
                }
            }
            pause(reader);
            return true;
        });
    }

    private void stream(Background reader, Map<String, String> labels, Consumer<ContainerEvent> sink) throws IOException {
        String filter = "{\"type\":[\"container\"]," + decoded(labels).substring(1);
        try (Reply reply = reader.using(api.get("follow container events", "/events?filters=" + EngineApi.encoded(filter)).orThrow())) {
            sink.accept(new ContainerEvent(Kind.RECONNECTED, "", "", Map.of(), time.now()));
            try (MappingIterator<JsonNode> events = Json.MAPPER.readerFor(JsonNode.class).readValues(reply.body())) {
                while (events.hasNextValue()) {
                    event(events.nextValue()).ifPresent(sink);
                }
            }
        }
    }

    private static String decoded(Map<String, String> labels) {
        return java.net.URLDecoder.decode(CreateBody.labelFilter(labels), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Optional<ContainerEvent> event(JsonNode node) {
        Map<String, String> attributes = Json.map(node.path("Actor").path("Attributes"));
        long nanos = node.path("timeNano").asLong(0);
        Instant at = Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
        return kind(node.path("Action").asString("")).map(kind -> new ContainerEvent(kind, node.path("Actor").path("ID").asString(""),
                attributes.getOrDefault(ContainerRuntime.IDENTITY_LABEL, ""), attributes, at));
    }

    private static Optional<Kind> kind(String action) {
        if (action.startsWith("health_status")) {
            return Optional.of(Kind.HEALTH_CHANGED);
        }
        return switch (action) {
            case "start" -> Optional.of(Kind.STARTED);
            case "die" -> Optional.of(Kind.EXITED);
            case "oom" -> Optional.of(Kind.OUT_OF_MEMORY);
            case "destroy", "remove" -> Optional.of(Kind.REMOVED);
            default -> Optional.empty();
        };
    }

    private void pause(Background reader) throws InterruptedException {
        if (!reader.closed()) {
            CountDownLatch over = new CountDownLatch(1);
            time.at(time.now().plus(PAUSE), over::countDown);
            over.await();
        }
    }
}
