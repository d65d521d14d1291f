package dev.viridian.proxy;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client that sends exactly the bytes it is told to and reads answers strictly.
final class Wire implements Closeable {
    record Answer(int status, String head, String body) {
        String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase().startsWith(name.toLowerCase() + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Wire(int port) throws IOException {
        this("127.0.0.1", port);
    }

    Wire(String address, int port) throws IOException {
        this(new Socket(), address, port);
    }

    /// @param socket not connected yet
    Wire(Socket socket, String address, int port) throws IOException {
        this.socket = socket;
        if (!socket.isConnected()) {
            socket.connect(new InetSocketAddress(address, port), 5000);
        }
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    Wire send(String bytes) throws IOException {
        return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /// A request without a body.
    Answer get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: example.test\r\n\r\n").read();
    }

    Answer post(String path, byte[] body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: example.test\r\nContent-Length: " + body.length + "\r\n\r\n");
        return send(body).read();
    }

    Answer read() throws IOException {
        return read(true);
    }

    /// @param withBody false for the answer to a HEAD request
    Answer read(boolean withBody) throws IOException {
        String head = Backend.readHead(in);
        if (head == null) {
            throw new IOException("connection closed before an answer");
        }
        int status = Integer.parseInt(head.substring(9, 12));
        Answer bare = new Answer(status, head, "");
        if (!withBody || status < 200 || status == 204 || status == 304) {
            return bare;
        }
        return new Answer(status, head, new String(body(bare), StandardCharsets.ISO_8859_1));
    }

    private byte[] body(Answer head) throws IOException {
        if (head.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            for (int size = size(); size > 0; size = size()) {
                all.write(exactly(size));
                Backend.line(in);
            }
            for (String trailer = Backend.line(in); !trailer.isEmpty(); trailer = Backend.line(in)) {
                all.write(("[trailer " + trailer + "]").getBytes(StandardCharsets.ISO_8859_1));
            }
            return all.toByteArray();
        }
        String length = head.header("Content-Length");
        return length.isEmpty() ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    /// Of the next chunk; extensions are passed over.
    private int size() throws IOException {
        return Integer.parseInt(Backend.line(in).split(";")[0], 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("answer ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /// Of a request; null when the connection has ended instead.
    String readHead() throws IOException {
        return Backend.readHead(in);
    }

    String readText(int length) throws IOException {
        return new String(exactly(length), StandardCharsets.ISO_8859_1);
    }

    /// The next byte; -1 when the other side has closed.
    int next() throws IOException {
        return in.read();
    }

    /// Everything until the other side closes.
    String readRest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /// Whether the other side has closed, waiting for it if need be.
    boolean closed() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /// Whether the other side ends with a reset, rather than a regular close or nothing; what comes before is read over.
    boolean brokenOff() throws IOException {
        try {
            in.readAllBytes();
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /// Whether a new connection is reset, which may be quicker than we are at looking.
    static boolean isBrokenOff(int port) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.brokenOff();
        } catch (java.net.SocketException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Ends with a reset instead of a regular close.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
