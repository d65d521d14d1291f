package dev.viridian.container.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Start line and headers of a request or a response, in their order.
public record Head(String startLine, List<Header> headers) {
    private static final int LIMIT = 256 * 1024;

    public record Header(String name, String value) {}

    public Head {
        headers = List.copyOf(headers);
    }

    public static Head request(String method, String target) {
        return new Head(method + " " + target + " HTTP/1.1", List.of());
    }

    public static Head response(int status, String reason) {
        return new Head("HTTP/1.1 " + status + " " + reason, List.of());
    }

    /// Empty when the other side closed before it said anything.
    public static Optional<Head> read(InputStream in) throws IOException {
        String start = line(in);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        List<Header> headers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("malformed header line: " + line);
            }
            headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return Optional.of(new Head(start, headers));
    }

    public void write(OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder(startLine).append("\r\n");
        headers.forEach(header -> text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    public Head with(String name, String value) {
        return new Head(startLine, Stream.concat(without(name).headers.stream(), Stream.of(new Header(name, value))).toList());
    }

    public Head without(String name) {
        return new Head(startLine, headers.stream().filter(header -> !header.name().equalsIgnoreCase(name)).toList());
    }

    public Head withStartLine(String line) {
        return new Head(line, headers);
    }

    public Optional<String> first(String name) {
        return headers.stream().filter(header -> header.name().equalsIgnoreCase(name)).map(Header::value).findFirst();
    }

    public String method() {
        return word(0);
    }

    /// Path and query of a request, as sent.
    public String target() {
        return word(1);
    }

    public int status() {
        return Integer.parseInt(word(1));
    }

    /// Whether the bytes after the head belong to another protocol once both sides agree.
    public boolean asksForUpgrade() {
        return first("Upgrade").isPresent();
    }

    private String word(int index) {
        String[] words = startLine.split(" ", 3);
        if (words.length <= index) {
            throw new IllegalStateException("malformed start line: " + startLine);
        }
        return words[index];
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() == 0) {
                    return "";
                }
                throw new EOFException("connection closed in the middle of a header line");
            }
            if (line.size() > LIMIT) {
                throw new IOException("header line of more than " + LIMIT + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
