package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// A world whose configured time passes sixty times as fast, with applications to send to and a client that sends.
final class Site implements AutoCloseable {
    final SystemTime time = new SystemTime(60);
    final World world;
    final HttpClient client = HttpClient.newHttpClient();
    private final List<HttpServer> servers = new ArrayList<>();

    Site() {
        this(LoadBalancerOptions.DEFAULT);
    }

    Site(LoadBalancerOptions options) {
        this.world = new World(time, Thread::startVirtualThread, options);
    }

    TargetGroup group(String name, HttpServer server) {
        TargetGroup group = world.group(name);
        world.register(group, server.getAddress().getPort());
        return group;
    }

    HttpServer server(String text, int status) throws IOException {
        return server(text, new AtomicInteger(status));
    }

    HttpServer server(String text, AtomicInteger status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/health") ? 200 : status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return server;
    }

    Map<String, Integer> answers(int port, int count) throws Exception {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i : IntStream.range(0, count).toArray()) {
            answers.merge(get(port, "/" + i).body(), 1, Integer::sum);
        }
        return answers;
    }

    HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(request(port, path), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10)).build();
    }

    /// By hand, because Java's client does not let a test choose the Host.
    static String getByName(String host, int port) throws IOException {
        try (var socket = new java.net.Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    void healthy(TargetGroup group) throws InterruptedException, ExecutionException {
        until(() -> world.health(group).state() == TargetHealthStateEnum.HEALTHY);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Looks again and again, for at most ten seconds.
    void until(BooleanSupplier condition) throws InterruptedException, ExecutionException {
        Instant deadline = time.now().plusSeconds(10);
        while (!condition.getAsBoolean()) {
            assertThat(time.now()).as("waited too long").isBefore(deadline);
            var pause = new CompletableFuture<Void>();
            time.at(time.now().plusMillis(20), () -> pause.complete(null));
            pause.get();
        }
    }

    @Override
    public void close() {
        client.close();
        world.close();
        time.close();
        servers.forEach(server -> server.stop(0));
    }
}
