package dev.viridian.container.docker;

import dev.viridian.container.http.Body;
import dev.viridian.container.http.Endpoint;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An engine that answered, and the API version both sides speak.
///
/// Docker 20.10 speaks at most 1.41 and Engine 29 refuses less than 1.44, so the version is asked for, never fixed.
record Connected(Endpoint endpoint, String apiVersion) {
    /// The newest version this client was written against.
    private static final String NEWEST = "1.47";

    static Connected greet(Endpoint endpoint) throws IOException {
        try (Link link = endpoint.dial()) {
            Head.request("GET", "/_ping").with("Host", "docker").with("Connection", "close").write(link.out());
            Head answer = Head.read(link.in()).orElseThrow(() -> new IOException("closed the connection without an answer"));
            String body = new String(Body.of(answer, link.in()).readAllBytes(), StandardCharsets.UTF_8);
            if (answer.status() != 200) {
                throw new IOException("answered " + answer.status() + " " + body.strip());
            }
            return new Connected(endpoint, older(answer.first("Api-Version").orElse("1.41"), NEWEST));
        }
    }

    private static String older(String one, String other) {
        int[] a = Arrays.stream(one.split("\\.")).mapToInt(Integer::parseInt).toArray();
        int[] b = Arrays.stream(other.split("\\.")).mapToInt(Integer::parseInt).toArray();
        return Arrays.compare(a, b) <= 0 ? one : other;
    }
}
