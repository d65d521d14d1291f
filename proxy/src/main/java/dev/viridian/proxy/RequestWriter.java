package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.ForwardedFor;
import dev.viridian.proxy.rules.Rewriting.Rewritten;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Writes the head a target gets: the client's bytes as they stand, except the few lines that must change.
final class RequestWriter {
    private static final byte[] VERSION = Ascii.bytes(" HTTP/1.1\r\n");
    private static final byte[] HOST = Ascii.bytes("Host: ");
    private static final byte[] FORWARDED_FOR = Ascii.bytes("X-Forwarded-For: ");
    private static final byte[] CONNECTION_UPGRADE = Ascii.bytes("Connection: Upgrade\r\n");
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] SEPARATOR = Ascii.bytes(", ");

    private final RequestHead head;
    private final ListenerRoute route;
    private final ClientSide client;
    private final byte @Nullable [] newHost;
    private final byte @Nullable [] newTarget;
    private final byte[] bytes;
    private final ByteBuf out;

    private RequestWriter(RequestHead head, ListenerRoute route, ClientSide client, @Nullable Rewritten rewritten, ByteBuf out) {
        this.head = head;
        this.route = route;
        this.client = client;
        this.newHost = rewritten == null ? null : rewritten.host();
        this.newTarget = rewritten == null ? null : rewritten.target();
        this.bytes = head.bytes();
        this.out = out;
    }

    /// Most that [#write] adds to what the client sent.
    static final int ROOM = 512;

    static void write(RequestHead head, ListenerRoute route, ClientSide client, @Nullable Rewritten rewritten, ByteBuf out) {
        RequestWriter writer = new RequestWriter(head, route, client, rewritten, out);
        writer.requestLine();
        writer.fields();
        writer.additions();
        out.writeBytes(CRLF);
    }

    private void requestLine() {
        out.writeBytes(bytes, head.methodFrom(), head.methodTo() - head.methodFrom() + 1);
        if (newTarget != null) {
            out.writeBytes(newTarget);
        } else {
            if (head.pathFrom() == head.pathTo()) {
                out.writeByte('/');
            }
            out.writeBytes(bytes, head.pathFrom(), head.targetTo() - head.pathFrom());
        }
        out.writeBytes(VERSION);
    }

    private void fields() {
        boolean keepForwardedFor = route.settings().forwardedFor() == ForwardedFor.PRESERVE;
        boolean dropInvalid = route.settings().dropInvalidHeaders();
        TlsHeaders tls = route.tlsHeaders();
        int run = head.count() == 0 ? 0 : head.nameFrom(0);
        for (int i = 0; i < head.count(); i++) {
            boolean keep = switch (head.kind(i)) {
                case Fields.CONNECTION, Fields.KEEP_ALIVE, Fields.PROXY_CONNECTION, Fields.TE, Fields.FORWARDED_PROTO, Fields.FORWARDED_PORT,
                        Fields.DISGUISED -> false;
                case Fields.TRANSFER_ENCODING -> head.chunked();
                case Fields.FORWARDED_FOR -> keepForwardedFor;
                case Fields.HOST -> hostStands();
                case Fields.UPGRADE -> head.upgrades();
                case Fields.EXPECT -> head.expectsContinue();
                case Fields.OTHER, Fields.TRAILER -> !head.namedByConnection(i) && !isTrace(i) && !(dropInvalid && !validName(i))
                        && !(tls != null && tls.claimed(head, i));
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

    /// Whether `Host` can stay as the client wrote it.
    private boolean hostStands() {
        if (newHost != null) {
            return false;
        }
        boolean hasPort = head.hostNameTo() != head.hostTo();
        return route.settings().preserveHost() || route.listener().port() == 0 || hasPort != route.usualPort() || head.hostFrom() == head.hostTo();
    }

    private void additions() {
        if (head.hostField() < 0 || !hostStands()) {
            host();
        }
        if (head.upgrades()) {
            out.writeBytes(CONNECTION_UPGRADE);
        }
        forwardedFor();
        out.writeBytes(route.forwardedTail());
        TlsHeaders tls = route.tlsHeaders();
        if (tls != null) {
            tls.write(client.logged(), out);
        }
        TraceHeader trace = client.loop().trace();
        if (trace != null) {
            trace.write(head, client.loop(), out);
        }
    }

    private void host() {
        out.writeBytes(HOST);
        if (newHost != null) {
            out.writeBytes(newHost).writeBytes(CRLF);
            return;
        }
        if (head.hostFrom() == head.hostTo()) {
            out.writeBytes(client.localAddress());
        } else {
            out.writeBytes(bytes, head.hostFrom(), head.hostNameTo() - head.hostFrom());
        }
        if (!route.usualPort() && route.listener().port() != 0) {
            out.writeBytes(route.portSuffix());
        }
        out.writeBytes(CRLF);
    }

    private void forwardedFor() {
        ListenerSettings settings = route.settings();
        if (settings.forwardedFor() != ForwardedFor.APPEND) {
            return;
        }
        out.writeBytes(FORWARDED_FOR);
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) == Fields.FORWARDED_FOR && head.valueTo(i) > head.valueFrom(i)) {
                out.writeBytes(bytes, head.valueFrom(i), head.valueTo(i) - head.valueFrom(i));
                out.writeBytes(SEPARATOR);
            }
        }
        out.writeBytes(settings.forwardedForClientPort() ? client.address().textAndPort() : client.address().text());
        out.writeBytes(CRLF);
    }

    private boolean isTrace(int field) {
        TraceHeader trace = client.loop().trace();
        return trace != null && trace.is(head, field);
    }

    private boolean validName(int field) {
        for (int i = head.nameFrom(field); i < head.nameTo(field); i++) {
            byte b = Ascii.lower(bytes[i]);
            if (!(b >= 'a' && b <= 'z') && !Ascii.isDigit(b) && b != '-') {
                return false;
            }
        }
        return true;
    }

    /// How many addresses the client claims to have come through.
    static int forwardedAddresses(RequestHead head) {
        int addresses = 0;
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) == Fields.FORWARDED_FOR) {
                addresses++;
                for (int at = head.valueFrom(i); at < head.valueTo(i); at++) {
                    if (head.bytes()[at] == ',') {
                        addresses++;
                    }
                }
            }
        }
        return addresses;
    }
}
