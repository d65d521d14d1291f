package dev.viridian.proxy;

import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.translation.Http2Head;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection to a target: idle in the pool of its loop, or carrying one exchange.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements TargetSide, Loop.Ticked {
    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /// Where a byte goes that nobody wants.
    private static final ByteBuffer NOWHERE = ByteBuffer.allocateDirect(1);

    private final TargetOnLoop target;
    private final Loop loop;
    private final boolean secure;
    private final TargetCounters opener;
    private final AnswerFinder heads;
    private @Nullable Exchange exchange;
    private @Nullable Relay relay;
    private Channel channel;
    private ChannelHandlerContext ctx;
    private Outlet outlet;
    private boolean established;
    private boolean broken;
    private boolean watched;
    private boolean closing;
    private int tickIndex;
    /// Departures when the request's head was written.
    private int headAt;
    private long idleSince;

    @SuppressWarnings("NullAway.Init")
    private UpstreamConnection(TargetOnLoop target, boolean secure, Exchange exchange, TargetCounters opener) {
        this.target = target;
        this.loop = target.loop();
        this.secure = secure;
        this.opener = opener;
        this.heads = new AnswerFinder(loop);
        this.exchange = exchange;
    }

    /// Begins to connect; the exchange hears of the outcome on this loop.
    ///
    /// @param opener where the connection counts as open
    static UpstreamConnection open(TargetOnLoop target, TargetGroup group, Exchange exchange, TargetCounters opener) {
        UpstreamConnection connection = new UpstreamConnection(target, group.protocol().secure(), exchange, opener);
        Loop loop = target.loop();
        connection.channel = loop.upstream().clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (connection.secure) {
                    channel.pipeline().addLast(loop.targetTls().newHandler(channel.alloc()));
                }
                channel.pipeline().addLast(connection);
            }
        }).connect(target.target().address()).addListener(outcome -> {
            if (!outcome.isSuccess()) {
                // Not at once: one that fails while it is being made would report before its exchange knows of it, and perhaps on another thread.
                loop.eventLoop().execute(() -> connection.failed(outcome.cause()));
            }
        }).channel();
        loop.admission().reaches(connection.channel);
        return connection;
    }

    /// An idle connection that is fit for use.
    ///
    /// A target may have closed it a moment ago, or begun to speak unasked. A request that can be sent again takes that risk; for any other, the
    /// socket is asked first, and where it cannot be asked a new connection is made.
    static @Nullable UpstreamConnection reusable(TargetOnLoop target, boolean replayable) {
        for (UpstreamConnection idle = target.takeIdle(); idle != null; idle = target.takeIdle()) {
            if (idle.channel.isActive() && !idle.closing && (replayable || idle.surelyOpen())) {
                return idle;
            }
            idle.giveWay();
        }
        return null;
    }

    /// Whether there is nothing to read, neither bytes nor an end. What this takes is lost, but so is the connection then.
    private boolean surelyOpen() {
        try {
            return channel instanceof EpollSocketChannel epoll && epoll.fd().read(NOWHERE, 0, 1) == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        // A failed write is no news: the target may have answered before it closed, and that answer is still to be read.
        this.outlet = new Outlet(loop, ctx, ctx.channel().unsafe().voidPromise());
        if (ctx.channel() instanceof EpollSocketChannel epoll && !secure) {
            Socket socket = (Socket) epoll.fd();
            ReadSizes.own(epoll);
            ReadSizes.beforeEach(epoll, () -> moveAnswer(socket));
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        loop.watch(this);
        watched = true;
        opener.connected();
        if (!secure) {
            ready();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ready();
            } else {
                failed(handshake.cause());
                close();
            }
        }
    }

    private void ready() {
        established = true;
        if (exchange == null) {
            close();
        } else {
            exchange.connected(this);
        }
    }

    private void failed(Throwable cause) {
        Exchange waiting = exchange;
        exchange = null;
        if (waiting != null) {
            waiting.unconnected(cause);
        }
    }

    @Override
    public void attach(Exchange exchange) {
        this.exchange = exchange;
        heads.begin();
    }

    @Override
    public void detach(boolean reusable) {
        exchange = null;
        relay = null;
        idleSince = loop.now();
        if (reusable && channel.isActive() && outlet.empty() && target.offerIdle(this)) {
            reading(true);
        } else {
            close();
        }
    }

    /// Steps out of the way of a tunnel.
    void leave() {
        exchange = null;
        relay = null;
        if (watched) {
            watched = false;
            loop.unwatch(this);
        }
        outlet.flushNow();
        channel.pipeline().remove(this);
    }

    /// The connection, or the tunnel that took it over, has ended.
    void ended() {
        opener.disconnected();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (exchange == null) {
            in.release();
            close();
            return;
        }
        Exchange served = exchange;
        if (relay == null && nothingLeft()) {
            // What comes before the request has left is not its answer.
            in.release();
            close();
            served.unsent();
            return;
        }
        try {
            served.client().touched();
            if (relay == null) {
                readHeads(in);
            } else {
                pass(relay, in);
            }
        } catch (RuntimeException e) {
            // By now the exchange may have let go of this connection, and nobody else would end it.
            exchange = null;
            served.broken();
            throw e;
        }
    }

    /// Whether the request waits for the end of the turn still.
    private boolean nothingLeft() {
        return outlet.departures() == headAt;
    }

    private void readHeads(ByteBuf in) {
        ByteBuf all = heads.withKept(in, ctx.alloc());
        while (exchange != null) {
            ResponseHead head = loop.responseHead();
            AnswerFinder.Found found = heads.read(head, all, exchange.upgrades());
            if (found == AnswerFinder.Found.UNREADABLE) {
                exchange.unreadable();
            }
            if (found != AnswerFinder.Found.HEAD) {
                return;
            }
            Relay begun = exchange.answered(head, all, Relay.Ending.AS_SAID);
            if (begun.tunnels()) {
                begun.passHead();
                exchange.becomeTunnel((ClientConnection) exchange.client(), this, all);
                return;
            }
            if (!head.interim()) {
                relay = begun;
                pass(begun, all);
                return;
            }
            exchange.client().flush();
            reading(exchange.client().writable());
        }
        all.release();
    }

    private void pass(Relay to, ByteBuf in) {
        if (to.pass(in) && exchange != null) {
            reading(exchange.client().writable());
        }
    }

    /// What is there of a large body goes to the client unseen. Its end is dealt with once the socket has been read, as the end of any other answer.
    private int moveAnswer(Socket socket) throws IOException {
        Relay to = relay;
        if (to == null || exchange == null || to.unseen() < KernelPipe.LEAST || !(exchange.client() instanceof ClientConnection client)) {
            return ReadSizes.NOT_TRIED;
        }
        int length = client.move(socket, to.unseen());
        if (length > 0) {
            to.passed(length);
            client.touched();
            reading(client.writable());
        }
        return length;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Relay to = relay;
        if (to != null && exchange != null && to.unseen() == 0) {
            to.passedAll();
        }
    }

    /// Lets the kernel move bytes of a client to the target, behind what has been written.
    ///
    /// @return as [Outlet#move]
    int move(Socket from, long most) throws IOException {
        return outlet.move(from, most);
    }

    @Override
    public void head(ByteBuf head, boolean ended) {
        headAt = outlet.departures();
        write(head);
    }

    @Override
    public void body(ByteBuf framed) {
        write(framed);
    }

    @Override
    public void data(ByteBuf data, boolean chunked, boolean ended) {
        if (!chunked) {
            write(data);
            return;
        }
        if (data.isReadable()) {
            write(ByteBufUtil.writeAscii(ctx.alloc(), Integer.toHexString(data.readableBytes()) + "\r\n"));
        }
        String behind = (data.isReadable() ? "\r\n" : "") + (ended ? "0\r\n\r\n" : "");
        write(data);
        write(ByteBufUtil.writeAscii(ctx.alloc(), behind));
    }

    @Override
    public void end(boolean chunked, @Nullable Http2Headers trailers) {
        if (chunked) {
            byte[] lines = trailers == null ? null : Http2Head.trailers(trailers);
            write(ByteBufUtil.writeAscii(ctx.alloc(), "0\r\n"));
            if (lines != null) {
                write(ctx.alloc().directBuffer(lines.length).writeBytes(lines));
            }
            write(ByteBufUtil.writeAscii(ctx.alloc(), "\r\n"));
        }
    }

    private void write(ByteBuf out) {
        outlet.write(out);
    }

    @Override
    public void flush() {
        outlet.flush();
    }

    @Override
    public void flushNow() {
        outlet.flushNow();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public long lastMoved(long known, long now, long patience) {
        return TcpProgress.lastMoved(known, now, patience, channel);
    }

    @Override
    public void reading(boolean reading) {
        if (channel.config().isAutoRead() != reading) {
            channel.config().setAutoRead(reading);
        }
    }

    Channel channel() {
        return channel;
    }

    void close() {
        exchange = null;
        closing = true;
        if (channel.isRegistered()) {
            // Else it could not even be begun, and cannot be told to close.
            channel.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null && established) {
            exchange.upstreamWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken = true;
        if (!(cause instanceof IOException)) {
            Proxy.LOG.warn("The connection to target {} of group {} failed and is closed", target.target().target(), target.target().groupId(),
                    cause);
        }
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        outlet.drop();
        if (watched) {
            watched = false;
            loop.unwatch(this);
            ended();
        }
        heads.drop();
        Exchange interrupted = exchange;
        Relay answer = relay;
        exchange = null;
        relay = null;
        if (interrupted == null) {
            target.forget(this);
        } else if (answer != null && answer.endsWithConnection() && !broken) {
            answer.targetClosed(null);
        } else if (established && nothingLeft()) {
            interrupted.unsent();
        } else if (established) {
            interrupted.upstreamGone();
        } else {
            interrupted.unconnected(new IOException("closed before it was established"));
        }
    }

    @Override
    public void tick(long now) {
        if (exchange == null && now - idleSince > MAX_IDLE_NANOS) {
            close();
        }
    }

    @Override
    public void shut() {
        channel.close();
    }

    @Override
    public void giveWay() {
        closing = true;
        loop.eventLoop().execute(this::close);
    }

    @Override
    public boolean rests() {
        return exchange == null && established && !closing;
    }

    @Override
    public long held() {
        return Backlog.unsent(channel) + heads.held();
    }

    @Override
    public int tickIndex() {
        return tickIndex;
    }

    @Override
    public void tickIndex(int index) {
        tickIndex = index;
    }
}
