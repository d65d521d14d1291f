package dev.viridian.acceptance.lossless;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/// Servers behind the load balancer.
interface Targets extends AutoCloseable {
    int port();

    @Override
    void close();

    /// Jetty: sends bodies back, says its colour where there is none, and echoes WebSocket messages.
    static Targets web(String colour) {
        org.eclipse.jetty.server.Server server = new org.eclipse.jetty.server.Server(new InetSocketAddress("127.0.0.1", 0));
        WebSocketUpgradeHandler sockets = WebSocketUpgradeHandler.from(server, container -> container.addMapping("/socket", (_, _, _) -> new EchoSocket()));
        sockets.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                byte[] body = Content.Source.asByteBuffer(request).array();
                response.getHeaders().put("X-Colour", colour);
                response.write(true, ByteBuffer.wrap(body.length == 0 ? colour.getBytes(StandardCharsets.US_ASCII) : body), callback);
                return true;
            }
        });
        server.setHandler(sockets);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return of(((ServerConnector) server.getConnectors()[0]).getLocalPort(), () -> {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// Jetty makes one for each connection.
    final class EchoSocket implements Session.Listener.AutoDemanding {
        private org.eclipse.jetty.websocket.api.@org.jspecify.annotations.Nullable Session session;

        @Override
        public void onWebSocketOpen(Session session) {
            this.session = session;
        }

        @Override
        public void onWebSocketText(String message) {
            java.util.Objects.requireNonNull(session).sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }

    MethodDescriptor<byte[], byte[]> SAY = method("say", MethodDescriptor.MethodType.UNARY);
    MethodDescriptor<byte[], byte[]> CHAT = method("chat", MethodDescriptor.MethodType.BIDI_STREAMING);

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes()).setFullMethodName("lossless.Echo/" + name).setType(type).build();
    }

    final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// gRPC's own server: echoes single messages and streams.
    static Targets grpc() {
        ServerServiceDefinition echo = ServerServiceDefinition.builder("lossless.Echo")
                .addMethod(SAY, ServerCalls.asyncUnaryCall((message, answer) -> {
                    answer.onNext(message);
                    answer.onCompleted();
                }))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(Targets::chat)).build();
        try {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)).addService(echo).build().start();
            return of(server.getPort(), () -> server.shutdown());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StreamObserver<byte[]> chat(StreamObserver<byte[]> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                answers.onNext(message);
            }

            @Override
            public void onError(Throwable cause) {
                // The client is gone; there is nobody to tell.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    private static Targets of(int port, Runnable close) {
        return new Targets() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    /// A server that dies without warning, in the middle of whatever it does, and rises again on the same port.
    final class Mortal implements Targets {
        private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nmortal".getBytes(StandardCharsets.US_ASCII);
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final int port;
        private ServerSocket server;

        Mortal() {
            server = listen(0);
            port = server.getLocalPort();
            accept(server);
        }

        private static ServerSocket listen(int port) {
            try {
                ServerSocket socket = new ServerSocket();
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
                return socket;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private void accept(ServerSocket from) {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        Socket socket = from.accept();
                        open.add(socket);
                        Thread.startVirtualThread(() -> serve(socket));
                    }
                } catch (IOException e) {
                    // Killed.
                }
            });
        }

        private void serve(Socket socket) {
            try (socket) {
                InputStream in = new java.io.BufferedInputStream(socket.getInputStream());
                while (Plain.line(in) instanceof String request && !request.isEmpty()) {
                    while (Plain.line(in) instanceof String header && !header.isEmpty()) {
                        // Requests without bodies only; nothing in their headers matters.
                    }
                    socket.getOutputStream().write(ANSWER);
                }
            } catch (IOException e) {
                // Killed, or the proxy closed.
            } finally {
                open.remove(socket);
            }
        }

        void kill() {
            close();
        }

        void rise() {
            server = listen(port);
            accept(server);
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            try {
                server.close();
                for (Socket socket : Set.copyOf(open)) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
            } catch (IOException e) {
                // It was dying anyway.
            }
        }
    }
}
