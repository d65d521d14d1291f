package dev.viridian.container.docker;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerException.EngineFailure;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/// The stream of JSON messages by which pull, push, build and load tell how they go on; a failure comes as a last message under status 200.
final class Progress {
    private Progress() {}

    static void read(Reply reply, Consumer<String> lines, Function<String, ContainerException> failure) {
        try (MappingIterator<JsonNode> messages = Json.MAPPER.readerFor(JsonNode.class).readValues(reply.body())) {
            while (messages.hasNextValue()) {
                JsonNode message = messages.nextValue();
                if (message.has("error")) {
                    throw failure.apply(message.path("error").asString(""));
                }
                text(message, lines);
            }
        } catch (JacksonException e) {
            throw new EngineFailure(reply.attempted(), e);
        }
    }

    private static void text(JsonNode message, Consumer<String> lines) {
        String stream = message.path("stream").asString("");
        if (!stream.isBlank()) {
            stream.lines().forEach(lines);
        }
        String status = message.path("status").asString("");
        // bars that move many times a second are for terminals, not for logs
        if (!status.isBlank() && message.path("progressDetail").isEmpty()) {
            String id = message.path("id").asString("");
            lines.accept(id.isEmpty() ? status : id + ": " + status);
        }
    }
}
