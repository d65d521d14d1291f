package dev.viridian.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A target written by hand: one virtual thread per connection, scripted by path.
///
/// `/` says its name; `/head` gives back the head it received; `/echo` gives back the body; `/status/N` answers N; others as registered with [#on].
final class Backend implements Closeable {
    /// @param body of the request, framing removed
    record Request(String head, byte[] body, InputStream in, OutputStream out, Socket socket) {
        String path() {
            return head.split(" ")[1];
        }

        String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase().startsWith(name.toLowerCase() + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    @FunctionalInterface
    interface Script {
        /// @return whether the connection goes on
        boolean answer(Request request) throws IOException;
    }

    private final String name;
    private final ServerSocket server;
    private final Thread accepting;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();

    Backend(String name) {
        this(name, listen());
    }

    Backend(String name, ServerSocket server) {
        this.name = name;
        this.server = server;
        on("/", request -> respond(request, 200, name));
        on("/head", request -> respond(request, 200, request.head()));
        on("/echo", request -> {
            request.out().write(head(200, request.body().length));
            request.out().write(request.body());
            request.out().flush();
            return true;
        });
        accepting = Thread.ofVirtual().start(this::accept);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    String name() {
        return name;
    }

    dev.viridian.proxy.routing.Target target() {
        return new dev.viridian.proxy.routing.Target(name, "127.0.0.1", port());
    }

    Backend on(String path, Script script) {
        scripts.put(path, script);
        return this;
    }

    /// Answers `path` only after `released` has been counted down, and counts `entered` down when asked.
    Backend holding(String path, CountDownLatch entered, CountDownLatch released) {
        return on(path, request -> {
            entered.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                return false;
            }
            return respond(request, 200, name);
        });
    }

    static byte[] head(int status, int length) {
        return ("HTTP/1.1 " + status + " Whatever\r\nContent-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    static boolean respond(Request request, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head(status, bytes.length));
        if (!request.head().startsWith("HEAD ")) {
            all.write(bytes);
        }
        request.out().write(all.toByteArray());
        request.out().flush();
        return !request.header("Connection").equalsIgnoreCase("close");
    }

    static boolean raw(Request request, String bytes) throws IOException {
        request.out().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        request.out().flush();
        return true;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
            for (String head = readHead(in); head != null; head = readHead(in)) {
                boolean goesOn = answer(head, in, out, socket);
                if (!goesOn) {
                    return;
                }
            }
        } catch (IOException e) {
            // The other side went away, which many tests want.
            open.remove(socket);
        } finally {
            open.remove(socket);
        }
    }

    private boolean answer(String head, InputStream in, OutputStream out, Socket socket) throws IOException {
        Request bare = new Request(head, new byte[0], in, out, socket);
        String path = bare.path();
        Script script = scripts.get(path.contains("?") ? path.substring(0, path.indexOf('?')) : path);
        boolean raw = path.startsWith("/raw");
        if (bare.header("Expect").equalsIgnoreCase("100-continue") && !raw) {
            raw(bare, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        Request request = raw ? bare : new Request(head, body(bare), in, out, socket);
        requests.incrementAndGet();
        if (script != null) {
            return script.answer(request);
        }
        if (path.startsWith("/status/")) {
            return respond(request, Integer.parseInt(path.substring(8)), name);
        }
        return respond(request, 404, name);
    }

    private static byte[] body(Request request) throws IOException {
        if (request.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(request.in()).split(";")[0].strip(), 16); size > 0; size = Integer.parseInt(line(request.in()),
                    16)) {
                all.write(request.in().readNBytes(size));
                line(request.in());
            }
            while (!line(request.in()).isEmpty()) {
                continue;
            }
            return all.toByteArray();
        }
        String length = request.header("Content-Length");
        return length.isEmpty() ? new byte[0] : request.in().readNBytes(Integer.parseInt(length));
    }

    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.substring(0, Math.max(0, line.length() - 1));
            }
            line.append((char) b);
        }
        throw new IOException("ended within a line");
    }

    /// Through the empty line; null at the end of the connection.
    static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (b == '\n' && head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return null;
    }

    /// How many connections are open now.
    int open() {
        return open.size();
    }

    /// Breaks all connections, but goes on listening.
    void dropConnections() {
        for (Socket socket : open) {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        dropConnections();
        try {
            // The port is free only when nobody waits on it any more.
            accepting.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
