package dev.viridian.proxy;

import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.tls.TlsHandshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import org.jspecify.annotations.Nullable;

/// A socket that is or should be open, and what is put behind each connection it accepts.
final class PortSocket {
    private final PortKey key;
    private final Loops loops;
    private volatile @Nullable Channel channel;
    private int port;
    private String problem = "";

    PortSocket(PortKey key, Loops loops) {
        this.key = key;
        this.loops = loops;
    }

    PortKey key() {
        return key;
    }

    /// The port in use; 0 when none could be bound.
    int port() {
        return port;
    }

    /// Why the wanted port could not be bound; empty when it was.
    String problem() {
        return problem;
    }

    void bound(Channel channel, int port) {
        this.channel = channel;
        this.port = port;
    }

    void problem(String problem) {
        this.problem = problem;
    }

    ChannelInitializer<Channel> initializer() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel accepted) {
                Loop loop = loops.of(accepted.eventLoop());
                PortRoute route = loop.routing().port(key);
                if (route == null) {
                    accepted.close();
                    return;
                }
                if (!loop.admits(accepted, route.first().state())) {
                    return;
                }
                if (route.tls() != null) {
                    accepted.pipeline().addLast(handshake(loop));
                }
                if (route.first().settings().logging().connections()) {
                    accepted.pipeline().addLast(new ConnectionLogHandler(loop, route.first()));
                }
                if (key.protocol() == Listener.Protocol.TLS && route.first().logsRequests()) {
                    accepted.pipeline().addLast(new FlowLogHandler(loop, route.first()));
                }
                boolean reads = key.protocol().readsRequests();
                accepted.pipeline().addLast(reads ? new ClientConnection(loop, PortSocket.this) : new PassThrough(loop, PortSocket.this));
            }
        };
    }

    private TlsHandshake handshake(Loop loop) {
        return new TlsHandshake(() -> {
            PortRoute route = loop.routing().port(key);
            return route == null ? null : route.tls();
        }, () -> {
            PortRoute route = loop.routing().port(key);
            if (route != null) {
                route.first().state().add(loop, ListenerState.TLS_ERRORS, 1);
            }
        });
    }

    void close() {
        Channel open = channel;
        if (open != null) {
            open.close().syncUninterruptibly();
            channel = null;
            port = 0;
        }
    }
}
