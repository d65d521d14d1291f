package dev.viridian.wire.protocol;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A whole answer, or the head of one whose body flows.
public record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NOTHING = {};

    public static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, new LinkedHashMap<>(Map.of("Content-Type", contentType)), body);
    }

    public static Answer of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer empty(int status) {
        return new Answer(status, new LinkedHashMap<>(), NOTHING);
    }

    public Answer with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    public Optional<String> header(String name) {
        return headers.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue).findFirst();
    }
}
