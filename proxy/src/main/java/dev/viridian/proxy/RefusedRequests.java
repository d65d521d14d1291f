package dev.viridian.proxy;

import dev.viridian.proxy.http.Deviation;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestLog.Done;
import dev.viridian.proxy.log.RequestLog.Kind;
import dev.viridian.proxy.log.RequestText;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Requests that never became an exchange, because their head was refused, could not be read or did not come to its end: counted, and logged where
/// the listener wants that. Where there is no listener any more, nothing is.
final class RefusedRequests {
    private RefusedRequests() {}

    /// A request that is readable and not accepted. The loop's head is still its head.
    ///
    /// @param received how much of it had come
    /// @param sent     how much of the answer is for the log
    static void refused(@Nullable ListenerRoute route, Loop loop, Supplier<LoggedConnection> from, Refusal refusal, int received, int sent) {
        if (route == null) {
            return;
        }
        route.state().add(loop, ListenerState.MALFORMED, refusal.malformed() ? 1 : 0);
        route.state().generated(loop, refusal.status());
        if (route.logsRequests()) {
            LoggedConnection connection = from.get();
            RequestText text = RequestTexts.of(loop.requestHead(), refusal, connection.multiplexed());
            log(route, loop, connection, text, refusal.status(), refusal.deviation(), received, sent);
        }
    }

    /// A head that did not come to its end in time, which is answered 408.
    static void unfinished(ListenerRoute route, Loop loop, Supplier<LoggedConnection> from, int received, int sent) {
        route.state().generated(loop, 408);
        if (route.logsRequests()) {
            log(route, loop, from.get(), RequestText.UNREADABLE, 408, Deviation.NONE, received, sent);
        }
    }

    /// A request of which nothing was understood. Its stream is reset, which says what a 400 would.
    static void unreadable(@Nullable ListenerRoute route, Loop loop, Supplier<LoggedConnection> from) {
        malformed(route, loop);
        if (route != null && route.logsRequests()) {
            log(route, loop, from.get(), RequestText.UNREADABLE, 400, Deviation.NONE, 0, 0);
        }
    }

    /// Something that cannot be read and is not, or no longer, a request: counted only.
    static void malformed(@Nullable ListenerRoute route, Loop loop) {
        if (route != null) {
            route.state().add(loop, ListenerState.MALFORMED, 1);
        }
    }

    private static void log(ListenerRoute route, Loop loop, LoggedConnection connection, RequestText text, int status, Deviation deviation,
            int received, int sent) {
        long now = loop.epochMicros(loop.nanos());
        loop.log().offer(new RequestLog(route.listener().id(), route.listener().port(), route.listener().protocol().secure(),
                connection.multiplexed() ? Kind.HTTP2 : Kind.HTTP, connection, now, now, text, "", Optional.empty(), -1, -1, -1, status, 0,
                received, sent, -1, Done.NOTHING, ExchangeLog.tier(deviation), ExchangeLog.reason(deviation), Optional.empty(), "", "", ""));
    }
}
