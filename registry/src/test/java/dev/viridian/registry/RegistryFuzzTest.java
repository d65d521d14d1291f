package dev.viridian.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests nobody sensible sends. Whatever comes, the answer is the client's fault, never a fault of the server, and the server goes on.
class RegistryFuzzTest {
    private static final long SEED = 20_260_101;
    private static final int REQUESTS = 1_500;
    private static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");
    private static final List<String> WORDS = List.of("v2", "shop", "team", "blobs", "uploads", "manifests", "tags", "list", "referrers", "_catalog",
            "..", ".", "%2e%2e",
            "", "latest", "sha256:" + "a".repeat(64), "sha256:zz", "00000000-0000-0000-0000-000000000000", "a".repeat(300), "%00",
            "\u00fc".repeat(3), "?digest=sha256:1");
    private static final List<String> BODIES = List.of("", "{}", "[]", "null", "{\"schemaVersion\":2}",
            "{\"schemaVersion\":2,\"config\":7,\"layers\":{}}",
            "{\"schemaVersion\":2,\"manifests\":[{}]}", "[".repeat(5_000), "\u0000\u0001",
            "{\"schemaVersion\":2,\"mediaType\":[],\"layers\":[null]}");
    private static final List<String> RANGES = List.of("0-0", "bytes=0-", "9-1", "-1--1", "0-99999999999999999999", "bytes=5-2", "x");
    @TempDir
    Path work;

    @Test
    void nothing_a_client_sends_is_answered_as_a_fault_of_the_server() throws Exception {
        Random random = new Random(SEED);
        try (RunningRegistry host = new RunningRegistry(work)) {
            for (int i = 0; i < REQUESTS; i++) {
                String method = one(METHODS, random);
                String path = path(random);
                String range = one(RANGES, random);
                byte[] body = one(BODIES, random).getBytes(StandardCharsets.UTF_8);
                int status = status(host, method, path, range, body);
                assertThat(status).as("seed %d, request %d: %s %s with %s", SEED, i, method, path, range).isBetween(200, 499);
            }
            assertThat(host.send("GET", "/v2/", new byte[0]).statusCode()).isEqualTo(200);
        }
    }

    /// Over a bare socket, as clients in libraries mend what they send.
    private static int status(RunningRegistry host, String method, String path, String range, byte[] body) throws IOException {
        String[] address = host.host().split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            OutputStream out = socket.getOutputStream();
            String credentials = Base64.getEncoder().encodeToString("dev:secret".getBytes(StandardCharsets.UTF_8));
            out.write((method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic " + credentials
                    + "\r\nContent-Range: " + range
                    + "\r\nRange: " + range + "\r\nContent-Type: " + MediaTypes.OCI_MANIFEST + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(body);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 ");
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/v2/shop");
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append('/').append(one(WORDS, random));
        }
        return path.toString();
    }

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
