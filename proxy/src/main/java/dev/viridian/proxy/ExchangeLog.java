package dev.viridian.proxy;

import dev.viridian.proxy.http.Deviation;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestLog.Done;
import dev.viridian.proxy.log.RequestLog.Kind;
import dev.viridian.proxy.log.RequestText;
import dev.viridian.proxy.log.Rewritten;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.rules.Rewriting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is noted of one request while it runs, for a listener that wants its requests logged. An exchange whose listener does not has none, and asks
/// nothing but whether it has.
final class ExchangeLog {
    private static final int UNTOLD = 460;
    private static final int TRACE_ROOM = 64;

    private final Loop loop;
    private final ListenerRoute route;
    private final LoggedConnection connection;
    private final RequestText text;
    private final Kind kind;
    private final Deviation deviation;
    private final long beganAt;
    private final long beganMicros;
    private String groupId = "";
    private Optional<Target> target = Optional.empty();
    private long sentAt = -1;
    private long headAt = -1;
    private long toldAt = -1;
    private int status;
    private int targetStatus;
    private long received;
    private long sent;
    private int priority = -1;
    private Done done = Done.NOTHING;
    private String redirectUrl = "";
    private String failure = "";
    private Optional<Rewritten> rewritten = Optional.empty();
    private String trace = "";
    private boolean tunnel;

    ExchangeLog(RequestHead head, ListenerRoute route, ClientSide client) {
        this.loop = client.loop();
        this.route = route;
        this.connection = client.logged();
        this.text = RequestTexts.of(head, connection.multiplexed());
        this.kind = !connection.multiplexed() ? Kind.HTTP : RequestTexts.isGrpc(head) ? Kind.GRPC : Kind.HTTP2;
        this.deviation = head.deviation();
        this.beganAt = loop.nanos();
        this.beganMicros = loop.epochMicros(beganAt);
        this.received = head.end();
    }

    /// A rule, or the default action, was found to hold.
    void matched(ActionRoute action) {
        priority = route.priorityOf(action);
        done = switch (action) {
            case ActionRoute.ForwardRoute _ -> Done.FORWARD;
            case ActionRoute.FixedRoute _ -> Done.FIXED_RESPONSE;
            case ActionRoute.RedirectRoute _ -> Done.REDIRECT;
        };
    }

    void redirected(String location) {
        redirectUrl = location;
    }

    void rewritten(Rewriting.Rewritten by) {
        Rewritten.Outcome outcome = switch (by.outcome()) {
            case DONE -> Rewritten.Outcome.DONE;
            case INVALID_HOST -> Rewritten.Outcome.INVALID_HOST;
            case INVALID_TARGET -> Rewritten.Outcome.INVALID_TARGET;
        };
        rewritten = Optional.of(new Rewritten(outcome, text(by.host()), text(by.target())));
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    void failed(String reason) {
        failure = reason;
    }

    void group(String id) {
        groupId = id;
    }

    /// @param head as it will be sent to the target
    void forwarding(ByteBuf head) {
        TraceHeader header = loop.trace();
        trace = header == null ? "" : header.writtenIn(head);
    }

    /// A target is about to be tried; what an earlier one did is no longer of interest.
    void trying(Target next) {
        target = Optional.of(next);
        sentAt = headAt = -1;
    }

    void sent(long nanos) {
        sentAt = nanos;
    }

    void answered(int status, long nanos) {
        targetStatus = this.status = status;
        headAt = nanos;
        tunnel = status == 101;
    }

    /// The target will not answer any more, and that is known now.
    void targetGone() {
        headAt = sentAt < 0 ? -1 : loop.nanos();
    }

    /// The proxy answers itself.
    ///
    /// @param head of the request, as long as nothing else was read; null later
    void answers(int status, @Nullable RequestHead head) {
        this.status = status;
        TraceHeader header = loop.trace();
        if (trace.isEmpty() && header != null && head != null && priority >= 0) {
            ByteBuf line = Unpooled.buffer(TRACE_ROOM);
            header.write(head, loop, line);
            trace = header.writtenIn(line);
        }
    }

    void received(int bytes) {
        received += bytes;
    }

    void wrote(int bytes) {
        sent += bytes;
        if (toldAt < 0) {
            toldAt = loop.nanos();
        }
    }

    /// The request is over, one way or another.
    void end() {
        long now = loop.nanos();
        boolean answeredByTarget = targetStatus > 0;
        long responseNanos = answeredByTarget && toldAt >= 0 ? Math.max(0, toldAt - headAt) : -1;
        loop.log().offer(new RequestLog(route.listener().id(), route.listener().port(), route.listener().protocol().secure(),
                tunnel ? Kind.WEBSOCKET : kind, connection, beganMicros, loop.epochMicros(now), text, groupId, target,
                sentAt < 0 ? -1 : sentAt - beganAt, sentAt < 0 || headAt < 0 ? -1 : headAt - sentAt, responseNanos, status == 0 ? UNTOLD : status,
                targetStatus, received, sent, priority, done, tier(deviation), reason(deviation), rewritten,
                redirectUrl, failure, trace));
    }

    static String tier(Deviation deviation) {
        return deviation == Deviation.NONE ? "" : deviation.tier().code();
    }

    static String reason(Deviation deviation) {
        return deviation == Deviation.NONE ? "" : deviation.code();
    }
}
