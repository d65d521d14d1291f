package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An answer the proxy gives itself. The pages are those of the ELB application load balancer, byte for byte where captures exist.
///
/// @param location empty for none
record OwnAnswer(int status, String reason, String contentType, byte[] body, String location) {

    /// The usual page for a status.
    static OwnAnswer page(int status) {
        return page(status, "");
    }

    static OwnAnswer page(int status, String location) {
        String reason = reason(status);
        String title = reason.isEmpty() ? String.valueOf(status) : status + " " + reason;
        String body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                + "</h1></center>\r\n</body>\r\n</html>\r\n";
        return new OwnAnswer(status, reason, "text/html", Ascii.bytes(body), location);
    }

    static OwnAnswer fixed(int status, String contentType, String body) {
        return new OwnAnswer(status, reason(status), contentType, body.getBytes(StandardCharsets.UTF_8), "");
    }

    /// @param route the listener that it is given for; null for none
    void write(ByteBuf out, Loop loop, @Nullable ListenerRoute route, boolean close, boolean withBody) {
        String server = route == null || route.namesServer() ? loop.options().serverName() : "";
        write(out, server, loop.dateLine(), route == null ? null : route.answerHeaders(), close, withBody);
    }

    /// @param server empty: not named
    /// @param edits  null for none
    void write(ByteBuf out, String server, byte[] dateLine, @Nullable AnswerHeaders edits, boolean close, boolean withBody) {
        StringBuilder head = new StringBuilder(160).append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
        if (!server.isEmpty()) {
            head.append("Server: ").append(server).append("\r\n");
        }
        head.append(new String(dateLine, StandardCharsets.ISO_8859_1));
        if (!contentType.isEmpty()) {
            head.append("Content-Type: ").append(contentType).append("\r\n");
        }
        if (status != 204) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("Connection: ").append(close ? "close" : "keep-alive").append("\r\n");
        if (!location.isEmpty()) {
            head.append("Location: ").append(location).append("\r\n");
        }
        out.writeBytes(Ascii.bytes(head.toString()));
        if (edits != null) {
            out.writeBytes(edits.lines());
        }
        out.writeByte('\r').writeByte('\n');
        if (withBody && status != 204) {
            out.writeBytes(body);
        }
    }

    int room() {
        return 512 + body.length + location.length() + contentType.length();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Not Allowed";
            case 408 -> "Request Time-out";
            case 410 -> "Gone";
            case 413 -> "Request Entity Too Large";
            case 414 -> "Request-URI Too Large";
            case 417 -> "Expectation Failed";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Temporarily Unavailable";
            case 504 -> "Gateway Time-out";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
