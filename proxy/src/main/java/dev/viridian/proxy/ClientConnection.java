package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client: reads its requests one after the other and hands each to the [Exchange]. Stays on one loop for life.
final class ClientConnection extends ChannelInboundHandlerAdapter implements Loop.Ticked {
    /// What is copied to find the head in most cases; heads that are longer are tried again with all there is.
    private static final int USUAL_HEAD = 4096;
    /// What a client may send ahead while its answer is outstanding.
    private static final int MAX_AHEAD = 64 * 1024;
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private enum State { HEAD, BODY, WAITING, DISCARDING, CLOSED }

    private final Loop loop;
    private final PortSocket socket;
    private final Exchange exchange;
    private State state = State.HEAD;
    private Channel channel;
    private ChannelHandlerContext ctx;
    private @Nullable ByteBuf received;
    /// Bytes of `received` in which no head ended; above 0, only a found end is worth another reading.
    private int searched;
    private boolean processing;
    /// When the head began to arrive, or the discarding began.
    private long headSince;
    private long openedAt;
    private long lastActive;
    private int tickIndex;
    private ListenerState countedBy;
    private byte[] source;
    private byte[] remoteAddress;
    private byte[] remoteAddressAndPort;

    @SuppressWarnings("NullAway.Init")
    ClientConnection(Loop loop, PortSocket socket) {
        this.loop = loop;
        this.socket = socket;
        this.exchange = new Exchange(this, loop);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        this.channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        PortRoute route = loop.routing().port(socket.key());
        if (route == null || !(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            channel.close();
            return;
        }
        source = remote.getAddress().getAddress();
        String text = NetUtil.toAddressString(remote.getAddress());
        remoteAddress = Ascii.bytes(text);
        remoteAddressAndPort = Ascii.bytes((text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + remote.getPort());
        countedBy = route.first().state();
        countedBy.add(loop, ListenerState.NEW_CONNECTIONS, 1);
        countedBy.add(loop, ListenerState.ACTIVE_CONNECTIONS, 1);
        openedAt = lastActive = loop.now();
        loop.watch(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        lastActive = loop.now();
        if (state == State.CLOSED) {
            in.release();
            return;
        }
        received = received == null ? in : append(received, in);
        process();
    }

    private ByteBuf append(ByteBuf before, ByteBuf in) {
        ByteBuf joined = before;
        if (before.writableBytes() < in.readableBytes() || before.refCnt() > 1) {
            joined = ctx.alloc().directBuffer(Math.max(4096, 2 * (before.readableBytes() + in.readableBytes())));
            joined.writeBytes(before);
            before.release();
        }
        joined.writeBytes(in);
        in.release();
        return joined;
    }

    /// Takes what has been received as far as the state of affairs allows.
    void process() {
        if (processing) {
            return;
        }
        processing = true;
        boolean progress = true;
        while (progress && received != null && received.isReadable()) {
            progress = switch (state) {
                case HEAD -> readHead(received);
                case BODY -> relayBody(received);
                case WAITING -> false;
                case DISCARDING, CLOSED -> discard();
            };
        }
        if (received != null && !received.isReadable()) {
            received.release();
            received = null;
        }
        processing = false;
        exchange.flushUpstream();
        regulate();
    }

    private boolean readHead(ByteBuf in) {
        if (searched == 0 && in.getByte(in.readerIndex()) == '\r') {
            // An empty line before a request is tolerated, as RFC 9112 section 2.2 asks.
            if (in.readableBytes() == 1) {
                return false;
            }
            if (in.getByte(in.readerIndex() + 1) == '\n') {
                in.skipBytes(2);
                return true;
            }
        }
        int readable = Math.min(in.readableBytes(), Loop.MAX_HEAD);
        if (searched > 0 && readable < Loop.MAX_HEAD && !endsHead(in)) {
            return false;
        }
        RequestHead head = loop.requestHead();
        Refusal refusal = tryHead(head, in, Math.min(readable, USUAL_HEAD));
        if (refusal == Refusal.INCOMPLETE && readable > USUAL_HEAD) {
            refusal = tryHead(head, in, readable);
        }
        if (refusal == Refusal.INCOMPLETE && readable < Loop.MAX_HEAD) {
            if (searched == 0) {
                headSince = loop.now();
            }
            searched = Math.max(1, readable - 3);
            return false;
        }
        searched = 0;
        headSince = 0;
        if (refusal != null) {
            refuse(refusal == Refusal.INCOMPLETE ? Refusal.HEAD_TOO_LARGE : refusal);
            return true;
        }
        in.skipBytes(head.end());
        state = head.hasBody() ? State.BODY : State.WAITING;
        exchange.begin(head);
        return true;
    }

    private @Nullable Refusal tryHead(RequestHead head, ByteBuf in, int length) {
        in.getBytes(in.readerIndex(), loop.scratch(), 0, length);
        return head.read(loop.scratch(), 0, length);
    }

    /// Whether an empty line, well-formed or not, has arrived since the last look.
    private boolean endsHead(ByteBuf in) {
        int from = in.readerIndex() + Math.max(0, searched - 1);
        for (int at = in.indexOf(from, in.writerIndex(), (byte) '\n'); at >= 0; at = in.indexOf(at + 1, in.writerIndex(), (byte) '\n')) {
            boolean bare = at + 1 < in.writerIndex() && in.getByte(at + 1) == '\n';
            if (bare || at + 2 < in.writerIndex() && in.getByte(at + 1) == '\r' && in.getByte(at + 2) == '\n') {
                return true;
            }
        }
        searched = Math.max(1, in.readableBytes() - 3);
        return false;
    }

    private boolean relayBody(ByteBuf in) {
        int before = in.readerIndex();
        exchange.relayBody(in, this::handOver);
        return state != State.BODY || received == null || in.readerIndex() != before;
    }

    /// Gives the whole buffer away instead of a slice of it.
    private void handOver() {
        received = null;
    }

    private boolean discard() {
        if (received != null) {
            received.skipBytes(received.readableBytes());
        }
        return false;
    }

    private void refuse(Refusal refusal) {
        PortRoute route = loop.routing().port(socket.key());
        ListenerState listener = route == null ? countedBy : route.first().state();
        listener.add(loop, ListenerState.MALFORMED, 1);
        listener.generated(loop, refusal.status());
        answer(OwnAnswer.page(refusal.status()), true, true);
        closeAfterAnswer(true);
    }

    void answer(OwnAnswer answer, boolean close, boolean withBody) {
        ByteBuf out = ctx.alloc().directBuffer(answer.room());
        answer.write(out, loop.options().serverName(), loop.dateLine(), close, withBody);
        write(out);
        ctx.flush();
    }

    /// The exchange has taken the whole request.
    void bodyDone() {
        state = State.WAITING;
    }

    /// The exchange is over and the connection goes on.
    void next() {
        if (state != State.CLOSED) {
            state = State.HEAD;
            process();
        }
    }

    /// The exchange is over and so is the connection.
    ///
    /// @param unread the client may still be sending: closing at once would reset the connection under the answer it has not read yet
    void closeAfterAnswer(boolean unread) {
        if (state == State.CLOSED) {
            return;
        }
        if (!unread) {
            close();
            return;
        }
        state = State.DISCARDING;
        headSince = loop.now();
        ctx.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(_ -> {
            if (channel instanceof SocketChannel plain && !Tunnel.encrypted(channel)) {
                plain.shutdownOutput();
            } else {
                channel.close();
            }
        });
        process();
    }

    /// Closes when everything written has left.
    void close() {
        state = State.CLOSED;
        ctx.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /// Closes now, so that the client sees a broken answer as broken.
    void abort() {
        state = State.CLOSED;
        channel.close();
    }

    void write(ByteBuf out) {
        ListenerState listener = exchange.listener();
        (listener == null ? countedBy : listener).add(loop, ListenerState.BYTES_OUT, out.readableBytes());
        ctx.write(out, ctx.voidPromise());
    }

    void flush() {
        ctx.flush();
    }

    void touched() {
        lastActive = loop.now();
    }

    /// Reads on only while what is read has somewhere to go.
    void regulate() {
        int waiting = received == null ? 0 : received.readableBytes();
        boolean full = switch (state) {
            case HEAD, DISCARDING, CLOSED -> false;
            case BODY -> !exchange.takesBody() && waiting > 0;
            case WAITING -> waiting >= MAX_AHEAD;
        };
        if (channel.config().isAutoRead() == full) {
            channel.config().setAutoRead(!full);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        exchange.clientWritable(channel.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        forgetReceived();
        if (countedBy != null) {
            countedBy.add(loop, ListenerState.ACTIVE_CONNECTIONS, -1);
            loop.unwatch(this);
        }
        exchange.clientGone();
    }

    private void forgetReceived() {
        if (received != null && !processing) {
            received.release();
            received = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            Proxy.LOG.warn("A client connection from {} failed and is closed", channel.remoteAddress(), cause);
        }
        channel.close();
    }

    @Override
    public void tick(long now) {
        PortRoute port = loop.routing().port(socket.key());
        ListenerRoute route = exchange.route() != null ? exchange.route() : port == null ? null : port.first();
        long idle = now - lastActive;
        switch (state) {
            case HEAD -> {
                if (port == null || route == null) {
                    close();
                } else if (searched > 0 && now - headSince > route.idleNanos()) {
                    countedBy.generated(loop, 408);
                    answer(OwnAnswer.page(408), true, true);
                    closeAfterAnswer(true);
                } else if (idle > route.idleNanos() || now - openedAt > route.keepAliveNanos()) {
                    close();
                }
            }
            case BODY, WAITING -> {
                if (route != null && idle > route.idleNanos()) {
                    exchange.idle(state == State.BODY);
                }
            }
            case DISCARDING -> {
                if (now - headSince > LINGER_NANOS) {
                    abort();
                }
            }
            case CLOSED -> { }
        }
    }

    /// Whether another request may follow on this connection, as far as its age and its listener are concerned.
    boolean goesOn() {
        PortRoute port = loop.routing().port(socket.key());
        return port != null && loop.now() - openedAt <= port.first().keepAliveNanos();
    }

    @Override
    public int tickIndex() {
        return tickIndex;
    }

    @Override
    public void tickIndex(int index) {
        tickIndex = index;
    }

    Loop loop() {
        return loop;
    }

    PortSocket socket() {
        return socket;
    }

    ChannelHandlerContext ctx() {
        return ctx;
    }

    boolean writable() {
        return channel.isWritable();
    }

    boolean discarding() {
        return state == State.DISCARDING;
    }

    byte[] source() {
        return source;
    }

    byte[] remoteAddress() {
        return remoteAddress;
    }

    byte[] remoteAddressAndPort() {
        return remoteAddressAndPort;
    }

    byte[] localAddress() {
        return Ascii.bytes(NetUtil.toAddressString(((InetSocketAddress) channel.localAddress()).getAddress()));
    }

    /// Steps out of the way of a tunnel.
    ///
    /// @return what was received and belongs to no request; may be null
    @Nullable ByteBuf leave() {
        ByteBuf ahead = received;
        received = null;
        state = State.CLOSED;
        loop.unwatch(this);
        channel.pipeline().remove(this);
        return ahead;
    }

    /// The tunnel that took over has ended.
    void ended() {
        countedBy.add(loop, ListenerState.ACTIVE_CONNECTIONS, -1);
    }
}
