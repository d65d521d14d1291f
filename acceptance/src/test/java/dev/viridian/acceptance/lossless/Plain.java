package dev.viridian.acceptance.lossless;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 client without mercy: it never repeats a request, and an answer that is not whole is an error.
final class Plain implements Closeable {
    private final Socket socket;
    private final InputStream in;

    Plain(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// Sends one request and returns the body of a good answer.
    String exchange(String method, String path, byte[] body, boolean last) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: lossless.test\r\n" + (body.length > 0 ? "Content-Length: " + body.length + "\r\n" : "")
                + (last ? "Connection: close\r\n" : "") + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        String status = line(in);
        if (status == null || !status.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + status);
        }
        int length = -1;
        for (String line = line(in); line == null || !line.isEmpty(); line = line(in)) {
            if (line == null) {
                throw new IOException("closed within the head of an answer");
            }
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        byte[] answer = in.readNBytes(length);
        if (answer.length != length) {
            throw new IOException("got " + answer.length + " of " + length + " bytes");
        }
        return new String(answer, StandardCharsets.ISO_8859_1);
    }

    /// A line without its end; null when there is none any more.
    static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
