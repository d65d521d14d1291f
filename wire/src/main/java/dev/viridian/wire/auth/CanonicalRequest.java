package dev.viridian.wire.auth;

import dev.viridian.wire.Incoming;
import dev.viridian.wire.Query;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/// The text both sides sign: method, path, query, signed headers and the body's hash, each in one fixed form.
final class CanonicalRequest {
    private CanonicalRequest() {}

    static String of(Incoming request, Claim claim, String payloadHash) {
        return of(request, claim, payloadHash, claim.scope().service().equals("s3") ? Query.encode(Query.decode(request.path(), false), true)
                : Query.encode(normalised(request.path()), true));
    }

    /// With the path exactly as it was sent: clients differ in what they leave unescaped in S3 keys.
    static String asSent(Incoming request, Claim claim, String payloadHash) {
        return of(request, claim, payloadHash, request.path());
    }

    private static String of(Incoming request, Claim claim, String payloadHash, String path) {
        StringBuilder text = new StringBuilder(512);
        text.append(request.method()).append('\n').append(path).append('\n').append(query(request.query())).append('\n');
        for (String name : claim.signedHeaders()) {
            text.append(name).append(':').append(header(request, name)).append('\n');
        }
        return text.append('\n').append(String.join(";", claim.signedHeaders())).append('\n').append(payloadHash).toString();
    }

    private static String query(Query query) {
        record Encoded(String name, String value) {}
        return query.parameters().stream()
                .filter(parameter -> !parameter.name().equals("X-Amz-Signature"))
                .map(parameter -> new Encoded(Query.encode(parameter.name(), false), Query.encode(parameter.value(), false)))
                .sorted((a, b) -> a.name().equals(b.name()) ? a.value().compareTo(b.value()) : a.name().compareTo(b.name()))
                .map(parameter -> parameter.name() + "=" + parameter.value())
                .collect(Collectors.joining("&"));
    }

    private static String header(Incoming request, String name) {
        List<String> values = name.equals("host") ? List.of(request.host()) : request.headers().all(name);
        return values.stream().map(CanonicalRequest::squeezed).collect(Collectors.joining(","));
    }

    private static String squeezed(String value) {
        String stripped = value.strip();
        return stripped.contains("  ") ? stripped.replaceAll(" +", " ") : stripped;
    }

    /// Without empty and dot segments; S3 alone keeps them.
    private static String normalised(String path) {
        if (!path.contains("//") && !path.contains("/.")) {
            return path;
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        String joined = "/" + String.join("/", segments);
        return path.endsWith("/") && joined.length() > 1 ? joined + "/" : joined;
    }
}
