package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Writes the head a client gets: the target's bytes as they stand, except hop-by-hop lines and what this connection needs.
final class ResponseWriter {
    private static final byte[] VERSION = Ascii.bytes("HTTP/1.1");
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE = Ascii.bytes("Connection: Upgrade\r\n");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");

    /// Most that [#write] adds to what the target sent, cookies excepted.
    static final int ROOM = 192;

    /// How the body ends for the client, as far as that differs from what the target said.
    enum Framing { AS_IT_CAME, ADD_CHUNKED, REMOVE_CHUNKED }

    enum Connection { UNSAID, KEEP_ALIVE, CLOSE, UPGRADE }

    private ResponseWriter() {}

    /// Everything but the empty line, so that cookies can follow.
    /// @param edits null for none
    static void write(ResponseHead head, Framing framing, Connection connection, byte[] dateLine, @Nullable AnswerHeaders edits, ByteBuf out) {
        byte[] bytes = head.bytes();
        out.writeBytes(VERSION).writeByte(' ');
        out.writeByte('0' + head.status() / 100).writeByte('0' + head.status() / 10 % 10).writeByte('0' + head.status() % 10);
        if (head.reasonTo() == head.reasonFrom()) {
            out.writeByte(' ');
        }
        out.writeBytes(bytes, head.reasonFrom(), head.reasonTo() - head.reasonFrom()).writeBytes(CRLF);
        fields(head, framing, connection, edits, out);
        if (!head.dated() && head.status() >= 200) {
            out.writeBytes(dateLine);
        }
        if (framing == Framing.ADD_CHUNKED) {
            out.writeBytes(CHUNKED);
        }
        if (edits != null) {
            out.writeBytes(edits.lines());
        }
        switch (connection) {
            case UNSAID -> { }
            case KEEP_ALIVE -> out.writeBytes(KEEP_ALIVE);
            case CLOSE -> out.writeBytes(CLOSE);
            case UPGRADE -> out.writeBytes(UPGRADE);
        }
    }

    private static void fields(ResponseHead head, Framing framing, Connection connection, @Nullable AnswerHeaders edits, ByteBuf out) {
        byte[] bytes = head.bytes();
        // A length there has no meaning, and somebody might find one. Source: RFC 9110 section 8.6.
        boolean bodiless = head.status() < 200 || head.status() == 204;
        int run = head.count() == 0 ? 0 : head.nameFrom(0);
        for (int i = 0; i < head.count(); i++) {
            boolean keep = switch (head.kind(i)) {
                case Fields.CONNECTION, Fields.KEEP_ALIVE, Fields.PROXY_CONNECTION, Fields.DISGUISED -> false;
                case Fields.UPGRADE -> connection == Connection.UPGRADE || head.status() == 426;
                case Fields.TRANSFER_ENCODING -> framing != Framing.REMOVE_CHUNKED && !bodiless;
                case Fields.CONTENT_LENGTH -> !bodiless;
                case Fields.OTHER, Fields.TRAILER -> !head.namedByConnection(i) && (edits == null || !edits.replace(head, i));
                default -> true;
            };
            if (!keep) {
                out.writeBytes(bytes, run, head.nameFrom(i) - run);
                run = head.lineTo(i);
            }
        }
        if (head.count() > 0) {
            out.writeBytes(bytes, run, head.end() - 2 - run);
        }
    }
}
