package dev.viridian.proxy;

import dev.viridian.proxy.FunctionTargets.Answer;
import dev.viridian.proxy.FunctionTargets.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Writes what a function has answered as the HTTP/1.1 message a target would have sent, so that it is read and passed on like any other.
final class FunctionAnswers {
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    private FunctionAnswers() {}

    /// @throws IllegalArgumentException when a header would end its line, or the status is none
    static ByteBuf written(Answer answer) {
        if (answer.status() < 200 || answer.status() > 599) {
            throw new IllegalArgumentException("a function cannot answer with status " + answer.status());
        }
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(answer.status()).append(' ').append(line(answer.reason())).append("\r\n");
        for (Header header : answer.headers()) {
            if (!OF_THE_CONNECTION.contains(header.name().toLowerCase(Locale.ROOT))) {
                head.append(line(header.name())).append(": ").append(line(header.value())).append("\r\n");
            }
        }
        head.append("Content-Length: ").append(answer.body().length).append("\r\n\r\n");
        return Unpooled.wrappedBuffer(head.toString().getBytes(StandardCharsets.UTF_8), answer.body());
    }

    private static String line(String text) {
        if (text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("a function's answer has a line end within a line");
        }
        return text;
    }
}
