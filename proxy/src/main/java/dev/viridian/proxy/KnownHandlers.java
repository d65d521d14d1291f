package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.IdentityHashMap;
import java.util.Map;

/// Lets us close what is open on a loop before the loop ends. Netty (seen in 4.2.18) does so itself only when a loop is told to end while it waits
/// for its sockets: one that is told in the middle of a turn ends with that turn, and its connections stay open, with the buffers and TLS engines
/// they hold.
///
/// Held by `HealthProbeEndingsTest`; may go when that passes without it.
final class KnownHandlers implements IoHandlerFactory {
    private final IoHandlerFactory factory;
    /// Complete before the first loop runs.
    private final Map<ThreadAwareExecutor, IoHandler> byLoop = new IdentityHashMap<>();

    KnownHandlers(IoHandlerFactory factory) {
        this.factory = factory;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor loop) {
        IoHandler handler = factory.newHandler(loop);
        byLoop.put(loop, handler);
        return handler;
    }

    @Override
    public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
    }

    /// On that loop. Whoever holds one of the connections hears of it in a later turn.
    void closeAllOn(EventLoop loop) {
        requireNonNull(byLoop.get(loop)).prepareToDestroy();
    }
}
