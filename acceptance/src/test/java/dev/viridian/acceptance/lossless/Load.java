package dev.viridian.acceptance.lossless;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Clients of every kind, each checking every answer, until told to stop.
final class Load implements AutoCloseable {
    static final List<String> KINDS = List.of("kept GET", "new connection", "upload", "WebSocket message", "TLS handshake", "HTTP/2 GET",
            "HTTP/2 upload", "gRPC call", "gRPC message", "GET while targets die");
    private static final byte[] NONE = {};
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Tally tally;
    private final int http;
    private final int https;
    private final SSLContext tls;
    private final HttpClient h2;
    private final ManagedChannel channel;
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    @FunctionalInterface
    private interface Round {
        /// Does one thing and checks it.
        void play(int number) throws Exception;
    }

    /// @param http  port that speaks HTTP
    /// @param https port that speaks HTTPS
    Load(Tally tally, int http, int https, Identity.Known known) {
        this.tally = tally;
        this.http = http;
        this.https = https;
        this.tls = known.context();
        this.h2 = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_2).connectTimeout(PATIENCE).build();
        try {
            this.channel = NettyChannelBuilder.forAddress("127.0.0.1", https).overrideAuthority("lossless.test")
                    .sslContext(GrpcSslContexts.forClient().trustManager(known).build()).disableRetry().build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    void begin() {
        for (int i = 0; i < 3; i++) {
            keptConnection("kept GET", "/", NONE);
            client("new connection", _ -> {
                try (Plain fresh = new Plain(new Socket("127.0.0.1", http))) {
                    isColour(fresh.exchange("GET", "/", NONE, true));
                }
            });
        }
        keptConnection("upload", "/upload", "upload ".repeat(30_000).getBytes(StandardCharsets.US_ASCII));
        client("TLS handshake", _ -> {
            try (Plain fresh = new Plain(tls.getSocketFactory().createSocket("127.0.0.1", https))) {
                isColour(fresh.exchange("GET", "/", NONE, true));
            }
        });
        for (int i = 0; i < 2; i++) {
            client("HTTP/2 GET", _ -> {
                HttpResponse<String> answer = h2.send(HttpRequest.newBuilder(secure("/")).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
                is(answer.version(), HttpClient.Version.HTTP_2);
                is(answer.statusCode(), 200);
                isColour(answer.body());
            });
            keptConnection("GET while targets die", "/mortal", NONE);
        }
        String sent = "over HTTP/2 ".repeat(5_000);
        client("HTTP/2 upload", _ -> {
            HttpResponse<String> answer = h2.send(HttpRequest.newBuilder(secure("/upload")).timeout(PATIENCE)
                    .POST(HttpRequest.BodyPublishers.ofString(sent)).build(), HttpResponse.BodyHandlers.ofString());
            is(answer.statusCode(), 200);
            is(answer.body().equals(sent), true);
        });
        client("WebSocket", _ -> webSocket());
        client("gRPC call", number -> {
            byte[] message = ("call " + number).getBytes(StandardCharsets.US_ASCII);
            is(Arrays.equals(ClientCalls.blockingUnaryCall(channel, Targets.SAY, deadline(), message), message), true);
        });
        client("gRPC chat", _ -> chat());
    }

    private CallOptions deadline() {
        return CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private URI secure(String path) {
        return URI.create("https://127.0.0.1:" + https + path);
    }

    private void keptConnection(String kind, String path, byte[] body) {
        Plain[] kept = new Plain[1];
        client(kind, _ -> {
            try {
                kept[0] = kept[0] == null ? new Plain(new Socket("127.0.0.1", http)) : kept[0];
                String answer = kept[0].exchange(body.length == 0 ? "GET" : "POST", path, body, false);
                if (body.length > 0) {
                    is(answer.equals(new String(body, StandardCharsets.US_ASCII)), true);
                } else {
                    isColour(answer);
                }
            } catch (IOException e) {
                kept[0] = null; // counted as lost by the caller; the next round begins anew
                throw e;
            }
        });
    }

    /// Ten messages there and back on one connection.
    private void webSocket() throws Exception {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = h2.newWebSocketBuilder().connectTimeout(PATIENCE).buildAsync(URI.create("ws://127.0.0.1:" + http + "/socket"),
                new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            answers.add(text.toString());
                            text.setLength(0);
                        }
                        from.request(1);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket from, Throwable cause) {
                        answers.add("failed: " + cause);
                    }
                }).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        for (int i = 0; i < 10; i++) {
            String message = "message " + i + " " + "w".repeat(i * 100);
            socket.sendText(message, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            is(answer, message);
            tally.answered("WebSocket message");
        }
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /// Ten messages there and back in one call.
    private void chat() throws InterruptedException {
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        StreamObserver<byte[]> call = ClientCalls.asyncBidiStreamingCall(channel.newCall(Targets.CHAT, deadline()), new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                answers.add(message.length);
            }

            @Override
            public void onError(Throwable cause) {
                answers.add(cause);
            }

            @Override
            public void onCompleted() {
                answers.add("done");
            }
        });
        for (int i = 0; i < 10; i++) {
            call.onNext(new byte[i * 1000]);
            is(answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), i * 1000);
            tally.answered("gRPC message");
        }
        call.onCompleted();
        is(answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "done");
    }

    private static void isColour(String body) {
        if (!body.equals("blue") && !body.equals("green") && !body.equals("mortal")) {
            throw new IllegalStateException("a body nobody sent: " + body);
        }
    }

    private static void is(Object found, Object wanted) {
        if (!wanted.equals(found)) {
            throw new IllegalStateException("wanted " + wanted + ", found " + found, found instanceof Throwable cause ? cause : null);
        }
    }

    private void client(String kind, Round round) {
        clients.add(Thread.ofVirtual().name(kind).start(() -> {
            for (int number = 0; !over; number++) {
                try {
                    round.play(number);
                    tally.answered(kind);
                } catch (Exception e) {
                    tally.lost(kind, e);
                }
            }
        }));
    }

    /// Lets every client finish what it is at.
    void end() {
        over = true;
        try {
            for (Thread client : clients) {
                if (!client.join(PATIENCE.plusSeconds(5))) {
                    tally.lost(client.getName(), new IllegalStateException("still waiting for an answer"));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        over = true;
        channel.shutdownNow();
        h2.shutdownNow();
    }
}
