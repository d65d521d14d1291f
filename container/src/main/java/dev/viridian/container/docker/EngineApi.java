package dev.viridian.container.docker;

import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.http.Body;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Requests to the engine, one connection each: a unix socket costs microseconds to open, and no pool can hand out a broken connection.
final class EngineApi {
    private static final Logger LOG = LoggerFactory.getLogger(EngineApi.class);
    private final Discovery discovery;
    private final AtomicReference<@Nullable Connected> found = new AtomicReference<>();

    EngineApi(Discovery discovery) {
        this.discovery = discovery;
    }

    /// What goes up with a request.
    sealed interface Payload {
        record None() implements Payload {}

        record OfJson(JsonNode json) implements Payload {}

        record OfTar(InputStream tar) implements Payload {}
    }

    /// Looks for the engine again if it is not known or no longer answers.
    ///
    /// @throws dev.viridian.container.ContainerException.NoEngine when none answers
    Connected connected(String attempted) {
        Connected known = found.get();
        if (known != null) {
            return known;
        }
        Connected fresh = discovery.connect(attempted);
        found.set(fresh);
        return fresh;
    }

    Reply get(String attempted, String path) {
        return send(attempted, "GET", path, new Payload.None(), Optional.empty());
    }

    Reply delete(String attempted, String path) {
        return send(attempted, "DELETE", path, new Payload.None(), Optional.empty());
    }

    Reply post(String attempted, String path) {
        return send(attempted, "POST", path, new Payload.None(), Optional.empty());
    }

    Reply post(String attempted, String path, JsonNode json) {
        return send(attempted, "POST", path, new Payload.OfJson(json), Optional.empty());
    }

    /// @param registryAuth value of `X-Registry-Auth`
    Reply send(String attempted, String method, String path, Payload payload, Optional<String> registryAuth) {
        Link link = dial(attempted);
        try {
            Head head = Head.request(method, "/v" + connected(attempted).apiVersion() + path).with("Host", "docker").with("Connection", "close");
            write(link, registryAuth.map(auth -> head.with("X-Registry-Auth", auth)).orElse(head), payload);
            Head answer = Head.read(link.in()).orElseThrow(() -> new IOException("the engine closed the connection without an answer"));
            return new Reply(attempted, link, answer, Body.of(answer, link.in()));
        } catch (IOException e) {
            closeQuietly(link, e);
            throw new EngineFailure(attempted, e);
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Link dial(String attempted) {
        try {
            return connected(attempted).endpoint().dial();
        } catch (IOException gone) {
            found.set(null);
            try {
                return connected(attempted).endpoint().dial();
            } catch (IOException e) {
                throw new EngineFailure(attempted, e);
            }
        }
    }

    private static void write(Link link, Head head, Payload payload) throws IOException {
        switch (payload) {
            case Payload.None() -> head.with("Content-Length", "0").write(link.out());
            case Payload.OfJson(JsonNode json) -> {
                byte[] bytes = Json.MAPPER.writeValueAsBytes(json);
                head.with("Content-Type", "application/json").with("Content-Length", String.valueOf(bytes.length)).write(link.out());
                link.out().write(bytes);
                link.out().flush();
            }
            case Payload.OfTar(InputStream tar) -> {
                head.with("Content-Type", "application/x-tar").with("Transfer-Encoding", "chunked").write(link.out());
                upload(tar, link);
            }
        }
    }

    /// An engine that has read enough, or refuses, closes its side early; its answer says why, so a broken pipe is not the news. A source that
    /// cannot be read breaks the connection instead: the engine must not take half of it for the whole.
    private static void upload(InputStream tar, Link link) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        OutputStream chunks = Body.chunked(link.out());
        int count = tar.read(buffer);
        while (count >= 0 && sent(chunks, buffer, count)) {
            count = tar.read(buffer);
        }
        if (count < 0) {
            ended(chunks);
        }
    }

    private static void ended(OutputStream chunks) {
        try {
            chunks.close();
        } catch (IOException e) {
            LOG.debug("the engine closed its side before the end of the upload", e);
        }
    }

    private static boolean sent(OutputStream chunks, byte[] buffer, int count) {
        try {
            chunks.write(buffer, 0, count);
            return true;
        } catch (IOException e) {
            LOG.debug("the engine closed its side in the middle of an upload", e);
            return false;
        }
    }

    private static void closeQuietly(Link link, IOException first) {
        try {
            link.close();
        } catch (IOException second) {
            first.addSuppressed(second);
        }
    }
}
