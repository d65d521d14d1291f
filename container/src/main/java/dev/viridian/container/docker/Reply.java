package dev.viridian.container.docker;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.ContainerException.NotFound;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The engine's answer to one request; holds the connection until closed.
record Reply(String attempted, Link link, Head head, InputStream body) implements AutoCloseable {

    int status() {
        return head.status();
    }

    boolean succeeded() {
        return status() < 400;
    }

    /// The whole body as JSON.
    JsonNode json() {
        try {
            return Json.MAPPER.readTree(body.readAllBytes());
        } catch (IOException | JacksonException e) {
            throw new EngineFailure(attempted, e);
        }
    }

    /// The engine's own words about a failure.
    String message() {
        try {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.startsWith("{") ? Json.MAPPER.readTree(text).path("message").asString(text) : text;
        } catch (IOException | JacksonException e) {
            return "status " + status() + " (" + e.getMessage() + ")";
        }
    }

    /// This reply, when the engine agreed.
    Reply orThrow() {
        if (succeeded()) {
            return this;
        }
        throw failure(message());
    }

    /// The general meaning of a refusal; callers with more to say look at [#status] first.
    ContainerException failure(String message) {
        close();
        return status() == 404 ? new NotFound(attempted, message) : new EngineFailure(attempted, message);
    }

    /// The body as a stream whose closing ends the connection.
    InputStream stream() {
        return new FilterInputStream(body) {
            @Override
            public void close() {
                Reply.this.close();
            }
        };
    }

    @Override
    public void close() {
        try {
            link.close();
        } catch (IOException e) {
            throw new EngineFailure(attempted, e);
        }
    }
}
