package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The way out of a connection. What connections have to send is sent when the loop has read all that was ready: a peer that is woken once finds many
/// messages, instead of being woken for each.
///
/// One buffer for a plain socket, which is what a small message is, goes to the kernel without passing through the channel's queue. Everything else,
/// and what the socket did not take, goes the usual way.
final class Outlet implements Loop.AtTurnsEnd {
    /// So much is not kept for others: it is sent while it is still in the processor's cache.
    static final int LARGE = 32 * 1024;

    private final Loop loop;
    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private final ChannelPromise promise;
    private @Nullable Socket socket;
    private boolean known;
    /// The only thing to send so far.
    private @Nullable ByteBuf held;
    /// Whether something was given to the channel that it was not yet told to send.
    private boolean unflushed;
    private int pending;
    private boolean waiting;
    private boolean closing;
    private int departures;
    /// When it was looked at last.
    private long waited;

    /// @param promise for every write: who hears of one that failed
    Outlet(Loop loop, ChannelHandlerContext ctx, ChannelPromise promise) {
        this.loop = loop;
        this.ctx = ctx;
        this.channel = ctx.channel();
        this.promise = promise;
    }

    /// Takes `out` over.
    void write(ByteBuf out) {
        pending += out.readableBytes();
        if (held == null && !unflushed && direct() != null && out.hasMemoryAddress()) {
            held = out;
        } else {
            enqueue();
            ctx.write(out, promise);
            unflushed = true;
        }
    }

    private void enqueue() {
        ByteBuf first = held;
        if (first != null) {
            held = null;
            ctx.write(first, promise);
            unflushed = true;
        }
    }

    /// The socket, when nothing stands between it and us.
    private @Nullable Socket direct() {
        if (!known) {
            known = true;
            socket = channel instanceof EpollSocketChannel epoll && channel.pipeline().firstContext() == ctx ? (Socket) epoll.fd() : null;
        }
        return socket;
    }

    /// What has been written leaves at the end of this turn of the loop, or at once when it is much.
    void flush() {
        if (pending >= LARGE) {
            flushNow();
        } else {
            atTheEnd();
        }
    }

    private void atTheEnd() {
        if (!waiting) {
            waiting = true;
            loop.atTurnsEnd(this);
        }
    }

    /// What has been written leaves, and then the connection is closed.
    void close() {
        closing = true;
        atTheEnd();
    }

    @Override
    public void turnEnds() {
        waiting = false;
        if (closing && held != null) {
            cork();
        }
        flushNow();
        if (closing) {
            closing = false;
            if (socket != null && nothingQueued()) {
                channel.close();
            } else {
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    /// Then the last bytes and the end of the connection travel in one segment, and the peer is woken once.
    private void cork() {
        if (channel instanceof EpollSocketChannel epoll && channel.isActive()) {
            try {
                epoll.config().setTcpCork(true);
            } catch (ChannelException _) {
                // It saves time, no more: a connection that is broken will say so when it is written to.
            }
        }
    }

    void flushNow() {
        pending = 0;
        if (channel.isActive()) {
            departures++;
        }
        ByteBuf only = held;
        if (only != null && !sent(only)) {
            enqueue();
        }
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    private boolean sent(ByteBuf only) {
        Socket plain = socket;
        if (plain == null || !channel.isActive() || !nothingQueued()) {
            return false;
        }
        try {
            int count = plain.sendAddress(only.memoryAddress(), only.readerIndex(), only.writerIndex());
            if (count < only.readableBytes()) {
                only.skipBytes(Math.max(0, count));
                return false;
            }
            held = null;
            only.release();
            return true;
        } catch (IOException _) {
            // The channel will meet it again, and knows what to do.
            return false;
        }
    }

    /// How often what had been written has left: while this stands, none of what is written has.
    int departures() {
        return departures;
    }

    /// Whether everything written is with the system.
    boolean empty() {
        return held == null && !unflushed && nothingQueued();
    }

    /// What waits for the peer to take it.
    long unsent() {
        return Backlog.unsent(channel);
    }

    /// Whether the peer has taken some of what waited; asked once per tick.
    boolean moved() {
        long before = waited;
        waited = unsent();
        return waited < before;
    }

    /// Lets the kernel move bytes of another socket behind what has been written.
    ///
    /// @return how many; [ReadSizes#NOT_TRIED] when it cannot be done now
    /// @throws IOException the other socket is broken
    int move(Socket from, long most) throws IOException {
        if (direct() == null || closing) {
            return ReadSizes.NOT_TRIED;
        }
        flushNow();
        KernelPipe pipe = loop.pipe();
        Socket to = socket;
        if (pipe == null || to == null || !channel.isActive() || !nothingQueued()) {
            return ReadSizes.NOT_TRIED;
        }
        return pipe.move(from, to, most, channel.alloc(), rest -> {
            ctx.write(rest, promise);
            ctx.flush();
        });
    }

    private boolean nothingQueued() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && queue.isEmpty();
    }

    /// The connection is gone.
    void drop() {
        ByteBuf lost = held;
        if (lost != null) {
            held = null;
            lost.release();
        }
    }
}
