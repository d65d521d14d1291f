package dev.viridian.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TCP resets: to tell one that has come in, and to send one.
final class Resets {
    private Resets() {}

    /// Whether what went wrong on a connection is that its other side broke it off, rather than something of ours.
    static boolean isReset(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof IOException && !(cause instanceof SSLException);
    }

    /// A write that met a reset is reported as one to a closed channel.
    private static @Nullable Throwable cause(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause instanceof ClosedChannelException || cause instanceof ChannelOutputShutdownException) {
            cause = cause.getCause();
        }
        return cause;
    }

    /// Breaks the connection off: what is not sent yet is dropped, and the other side learns that this was no regular end.
    static void send(Channel channel) {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            Proxy.LOG.debug("{} was closed by its other side before it could be reset", channel, e);
        }
        var first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            // Past TLS, which would say goodbye first.
            first.close();
        }
    }
}
