package dev.viridian.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.atomic.AtomicInteger;

/// Who may connect: counts all client connections of the proxy, of every port and loop, and as many to targets.
final class Admission {
    private final int most;
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger toTargets = new AtomicInteger();
    private final ChannelFutureListener leaving = _ -> present.decrementAndGet();
    private final ChannelFutureListener closing = _ -> toTargets.decrementAndGet();

    Admission(Limits limits) {
        this.most = limits.connections();
    }

    /// Counts the connection until it is closed, or breaks it off because there are too many or the loop holds too much.
    ///
    /// @return whether it may stay
    boolean admit(Channel accepted, Loop loop, ListenerState listener) {
        if (present.incrementAndGet() <= most && !loop.backlog().full()) {
            accepted.closeFuture().addListener(leaving);
            return true;
        }
        present.decrementAndGet();
        listener.add(loop, ListenerState.REJECTED_CONNECTIONS, 1);
        // A reset leaves nothing behind: with regular ends, a flood would fill the system's table of connections that linger.
        Resets.send(accepted);
        return false;
    }

    /// Whether one more connection to a target may be made: a client may need many at once, by HTTP/2. One that rests gives way.
    boolean mayReachTarget(Loop loop) {
        return toTargets.get() < most || loop.closeOneAtRest();
    }

    /// Counts a connection to a target until it is closed. One that could not even be begun, for want of descriptors, is not open and never closes.
    void reaches(Channel target) {
        if (target.isOpen()) {
            toTargets.incrementAndGet();
            target.closeFuture().addListener(closing);
        }
    }
}
