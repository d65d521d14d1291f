package dev.viridian.container.gateway;

import dev.viridian.container.docker.DockerEngine;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Passes a request on and everything that follows it, as raw bytes in both directions, so that upgraded streams (attach, exec, BuildKit sessions)
/// need no knowledge of what they carry.
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private final DockerEngine engine;

    Relay(DockerEngine engine) {
        this.engine = engine;
    }

    void pass(Head head, Link client) throws IOException {
        try (Link server = engine.dial()) {
            single(head).write(server.out());
            splice(client, server);
        }
    }

    /// With another body than the client sent.
    void passJson(Head head, JsonNode json, Link client) throws IOException {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        try (Link server = engine.dial()) {
            single(head).without("Transfer-Encoding").with("Content-Length", String.valueOf(bytes.length)).write(server.out());
            server.out().write(bytes);
            server.out().flush();
            splice(client, server);
        }
    }

    /// With a body that was kept in between.
    void passBody(Head head, InputStream body, long length, Link client) throws IOException {
        try (Link server = engine.dial()) {
            single(head).without("Transfer-Encoding").with("Content-Length", String.valueOf(length)).write(server.out());
            body.transferTo(server.out());
            server.out().flush();
            splice(client, server);
        }
    }

    /// One request per connection: the next one must come by the porter again.
    private static Head single(Head head) {
        return head.asksForUpgrade() ? head : head.with("Connection", "close");
    }

    private static void splice(Link client, Link server) throws IOException {
        Thread up = Thread.ofVirtual().name("upstream").start(() -> upstream(client, server));
        server.in().transferTo(client.out());
        client.out().flush();
        client.close();
        join(up);
    }

    private static void upstream(Link client, Link server) {
        try {
            client.in().transferTo(server.out());
            server.endOutput();
        } catch (IOException e) {
            LOG.trace("One side of a relayed connection closed: {}", e.getMessage());
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while relaying", e);
        }
    }
}
