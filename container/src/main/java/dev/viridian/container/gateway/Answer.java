package dev.viridian.container.gateway;

import dev.viridian.container.http.Body;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Answers given in the engine's stead.
final class Answer {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Answer() {}

    static void json(Link client, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        Head.response(status, status < 400 ? "OK" : "Error").with("Content-Type", "application/json").with("Connection", "close")
                .with("Content-Length", String.valueOf(bytes.length)).write(client.out());
        client.out().write(bytes);
        client.out().flush();
    }

    /// In the shape docker's client prints as `Error response from daemon: ...`.
    static void error(Link client, int status, String message) throws IOException {
        json(client, status, MAPPER.createObjectNode().put("message", message));
    }

    /// A progress stream under way: JSON messages in a chunked body.
    static final class Stream implements AutoCloseable {
        private final OutputStream body;

        Stream(Link client) throws IOException {
            Head.response(200, "OK").with("Content-Type", "application/json").with("Connection", "close").with("Transfer-Encoding", "chunked")
                    .write(client.out());
            body = Body.chunked(client.out());
        }

        void status(String line) throws IOException {
            send(MAPPER.createObjectNode().put("status", line));
        }

        void failure(String message) throws IOException {
            ObjectNode node = MAPPER.createObjectNode();
            node.putObject("errorDetail").put("message", message);
            send(node.put("error", message));
        }

        void pushed(String tag, String digest, long size) throws IOException {
            status(tag + ": digest: " + digest + " size: " + size);
            ObjectNode node = MAPPER.createObjectNode();
            node.putObject("progressDetail");
            node.putObject("aux").put("Tag", tag).put("Digest", digest).put("Size", size);
            send(node);
        }

        private void send(ObjectNode node) throws IOException {
            body.write((node + "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
