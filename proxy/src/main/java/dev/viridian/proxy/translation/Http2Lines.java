package dev.viridian.proxy.translation;

import dev.viridian.proxy.http.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/// Turns heads we have written ourselves, as HTTP/1.1 has them, into headers of HTTP/2: the reverse of [Http2Head].
///
/// The bytes come from heads that were read strictly, so here nothing is judged.
public final class Http2Lines {
    private final byte[] bytes;
    private final int to;
    private int at;

    /// @param head on an array; nothing of it is kept, because HPACK's table would keep all of it for one header
    private Http2Lines(ByteBuf head) {
        this.bytes = head.array();
        this.at = head.arrayOffset() + head.readerIndex();
        this.to = at + head.readableBytes();
    }

    /// Reads a response's head, through the empty line, and skips it.
    public static Http2Headers response(ByteBuf head) {
        Http2Lines lines = new Http2Lines(head);
        int from = lines.at;
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.status(new AsciiString(lines.bytes, lines.at + 9, 3, true));
        lines.nextLine();
        lines.fields(headers);
        head.skipBytes(lines.at - from);
        return headers;
    }

    /// Reads a request's head, through the empty line.
    public static Http2Headers request(ByteBuf head, AsciiString scheme) {
        Http2Lines lines = new Http2Lines(head);
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.method(lines.word()).scheme(scheme).path(lines.word());
        lines.nextLine();
        lines.fields(headers);
        CharSequence host = headers.getAndRemove(AsciiString.cached("host"));
        if (host != null) {
            headers.authority(host);
        }
        return headers;
    }

    /// The fields behind the last chunk, with or without the empty line that ends them.
    public static Http2Headers trailers(ByteBuf lines) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        new Http2Lines(lines).fields(headers);
        return headers;
    }

    private AsciiString word() {
        int from = at;
        while (bytes[at] != ' ') {
            at++;
        }
        return new AsciiString(bytes, from, at++ - from, true);
    }

    private void nextLine() {
        while (bytes[at] != '\n') {
            at++;
        }
        at++;
    }

    private void fields(Http2Headers headers) {
        while (at < to && bytes[at] != '\r') {
            field(headers);
        }
        at = Math.min(to, at + 2);
    }

    private void field(Http2Headers headers) {
        int from = at;
        while (bytes[at] != ':') {
            bytes[at] = Ascii.lower(bytes[at]);
            at++;
        }
        AsciiString name = new AsciiString(bytes, from, at - from, true);
        int value = ++at;
        nextLine();
        int end = at - 2;
        while (value < end && isSpace(bytes[value])) {
            value++;
        }
        while (end > value && isSpace(bytes[end - 1])) {
            end--;
        }
        if (!Http2Head.OF_CONNECTIONS.contains(name)) {
            headers.add(name, new AsciiString(bytes, value, end - value, true));
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
