package dev.viridian.proxy;

import dev.viridian.proxy.ResponseWriter.Connection;
import dev.viridian.proxy.ResponseWriter.Framing;
import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.TargetGroup.Stickiness;
import io.netty.buffer.ByteBuf;

/// The head a client gets for an answer of a target, with the cookies that keep the client where it is.
final class AnswerHead {
    private final Exchange exchange;
    private final Loop loop;

    AnswerHead(Exchange exchange, Loop loop) {
        this.exchange = exchange;
        this.loop = loop;
    }

    /// @param cookies whether this is the answer itself, rather than what comes before it or leaves HTTP behind
    void write(ResponseHead head, Framing framing, Connection connection, boolean cookies, ByteBuf out) {
        ListenerRoute route = exchange.route();
        AnswerHeaders edits = route == null || head.status() < 200 ? null : route.answerHeaders();
        ResponseWriter.write(head, framing, connection, loop.dateLine(), edits, out);
        if (cookies) {
            cookies(head, out);
        }
        out.writeByte('\r').writeByte('\n');
    }

    private void cookies(ResponseHead head, ByteBuf out) {
        Dispatch dispatch = exchange.dispatch();
        GroupRoute group = dispatch.group();
        Forwarder forwarder = dispatch.forwarder();
        if (group == null || forwarder == null) {
            return;
        }
        if (forwarder.stickiness() != null) {
            forwarder.stickiness().write(out, group.stickyKey(), loop.epochSecond());
        }
        StickyCookies sticky = group.stickiness();
        if (sticky != null && (group.group().stickiness() instanceof Stickiness.ByProxyCookie || dispatch.keptByApplication()
                || setsApplicationCookie(head, group))) {
            sticky.write(out, exchange.claimed().target().stickyKey(), loop.epochSecond());
        }
    }

    private static boolean setsApplicationCookie(ResponseHead head, GroupRoute group) {
        byte[] name = group.applicationCookie();
        if (name == null || !head.setsCookies()) {
            return false;
        }
        for (int i = 0; i < head.count(); i++) {
            int from = head.valueFrom(i);
            if (head.kind(i) == Fields.SET_COOKIE && from + name.length <= head.valueTo(i)
                    && Ascii.equals(head.bytes(), from, from + name.length, name)) {
                return true;
            }
        }
        return false;
    }
}
