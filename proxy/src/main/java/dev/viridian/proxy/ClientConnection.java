package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One client: reads its requests one after the other and hands each to the [Exchange]. Stays on one loop for life.
final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientSide, Loop.Ticked {
    /// What a client may send ahead while its answer is outstanding.
    private static final int MAX_AHEAD = 64 * 1024;

    /// HEAD: between requests. BODY: within one. WAITING: for the end of its answer. DISCARDING: the last answer is out.
    private enum State { HEAD, BODY, WAITING, DISCARDING, CLOSED }

    private final Loop loop;
    private final PortSocket socket;
    private final Exchange exchange;
    private final HeadFinder heads;
    private final Inlet inlet = new Inlet();
    private State state = State.HEAD;
    private Channel channel;
    private ChannelHandlerContext ctx;
    private Outlet outlet;
    private Farewell farewell;
    private ClientAddress address;
    private @Nullable ListenerState countedBy;
    private boolean processing;
    private long openedAt;
    private long lastActive;
    private int tickIndex;

    @SuppressWarnings("NullAway.Init")
    ClientConnection(Loop loop, PortSocket socket) {
        this.loop = loop;
        this.socket = socket;
        this.exchange = new Exchange(this, loop);
        this.heads = new HeadFinder(loop);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        this.channel = ctx.channel();
        this.outlet = new Outlet(loop, ctx, ctx.voidPromise());
        this.farewell = new Farewell(loop, ctx, outlet);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ListenerRoute route = listener();
        if (route == null || !(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            channel.close();
            return;
        }
        address = ClientAddress.of(remote);
        countedBy = route.state();
        countedBy.add(loop, ListenerState.NEW_CONNECTIONS, 1);
        countedBy.add(loop, ListenerState.ACTIVE_CONNECTIONS, 1);
        openedAt = lastActive = loop.nanos();
        if (channel instanceof EpollSocketChannel epoll && channel.pipeline().firstContext() == ctx) {
            Socket plain = (Socket) epoll.fd();
            ReadSizes.own(epoll);
            ReadSizes.beforeEach(epoll, () -> moveBody(plain));
        }
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
        inlet.add(in, ctx.alloc());
        process();
    }

    /// Takes what has been received as far as the state of affairs allows.
    @Override
    public void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            take();
        } finally {
            processing = false;
        }
        exchange.flushUpstream();
        regulate();
    }

    private void take() {
        boolean progress = true;
        for (ByteBuf in = inlet.next(); progress && in != null; in = inlet.next()) {
            progress = switch (state) {
                case HEAD -> channel.isWritable() && readHead(in);
                case BODY -> relayBody();
                case WAITING -> false;
                case DISCARDING, CLOSED -> discard();
            };
        }
        inlet.tidy();
    }

    private boolean readHead(ByteBuf in) {
        RequestHead head = loop.requestHead();
        Refusal refusal = heads.read(head, in);
        if (refusal == null) {
            state = head.hasBody() ? State.BODY : State.WAITING;
            exchange.begin(head);
        } else if (refusal != Refusal.INCOMPLETE) {
            refuse(refusal);
        }
        return refusal != Refusal.INCOMPLETE;
    }

    private boolean relayBody() {
        int before = inlet.length();
        exchange.relayBody(inlet);
        return state != State.BODY || inlet.length() != before;
    }

    /// What is there of a large body goes to the target unseen.
    private int moveBody(Socket plain) throws IOException {
        if (state != State.BODY || !inlet.empty()) {
            return ReadSizes.NOT_TRIED;
        }
        int length = exchange.moveBody(plain);
        if (length > 0) {
            lastActive = loop.now();
            regulate();
        }
        return length;
    }

    private boolean discard() {
        inlet.skipAll();
        return false;
    }

    private void refuse(Refusal refusal) {
        int written = give(OwnAnswer.page(refusal.status()), true, true);
        RefusedRequests.refused(listener(), loop, this::logged, refusal, inlet.length(), written);
        closeAfterAnswer(true);
    }

    @Override
    public void answer(OwnAnswer answer, boolean close, boolean withBody) {
        give(answer, close, withBody);
    }

    /// @return how many bytes the answer has
    private int give(OwnAnswer answer, boolean close, boolean withBody) {
        ByteBuf out = ctx.alloc().directBuffer(answer.room());
        answer.write(out, loop, route(), close, withBody);
        int length = out.readableBytes();
        write(out);
        outlet.flush();
        return length;
    }

    @Override
    public void bodyDone() {
        state = State.WAITING;
    }

    @Override
    public void next() {
        if (state != State.CLOSED) {
            state = State.HEAD;
            process();
        }
    }

    @Override
    public void closeAfterAnswer(boolean unread) {
        if (state == State.CLOSED) {
            return;
        }
        if (unread) {
            state = State.DISCARDING;
            farewell.closeOutput();
            process();
        } else {
            close();
        }
    }

    /// Closes when everything written has left.
    @Override
    public void close() {
        state = State.CLOSED;
        farewell.close();
    }

    @Override
    public void abort() {
        state = State.CLOSED;
        farewell.breakOff(exchange.answerEndsByClosing());
    }

    @Override
    public void write(ByteBuf out) {
        counts(out.readableBytes());
        outlet.write(out);
    }

    /// So much is sent to the client.
    private void counts(int length) {
        ListenerRoute route = exchange.route();
        ListenerState listener = route == null ? countedBy : route.state();
        if (listener != null) {
            listener.moved(loop, ListenerState.BYTES_OUT, length, address.ipv6());
        }
        exchange.wrote(length);
    }

    /// Lets the kernel move bytes of a target to the client, behind what has been written.
    ///
    /// @return as [Outlet#move]
    int move(Socket from, long most) throws IOException {
        int length = outlet.move(from, most);
        if (length > 0) {
            counts(length);
        }
        return length;
    }

    @Override
    public void flush() {
        outlet.flush();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void touched() {
        lastActive = loop.now();
    }

    /// Reads on only while what is read has somewhere to go.
    private void regulate() {
        int waiting = inlet.length();
        boolean full = switch (state) {
            case HEAD -> !channel.isWritable() && waiting > 0;
            case DISCARDING, CLOSED -> false;
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
        process();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        } else if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess() && Http2ClientConnection.wanted(channel)) {
            channel.pipeline().addLast(Http2ClientConnection.of(this, openedAt));
            leave();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        outlet.drop();
        if (!processing) {
            inlet.drop();
        }
        if (countedBy != null) {
            loop.unwatch(this);
            ended();
        }
        exchange.clientGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException || cause.getCause() instanceof SSLException)) {
            Proxy.LOG.warn("A client connection from {} failed and is closed", channel.remoteAddress(), cause);
        }
        channel.close();
    }

    @Override
    public void tick(long now) {
        ListenerRoute route = route();
        boolean moved = outlet.moved();
        lastActive = moved ? now : lastActive;
        switch (state) {
            case HEAD -> tickBetween(now, route);
            case BODY, WAITING -> {
                if (route != null && idle(now, route)) {
                    exchange.idle();
                }
            }
            case DISCARDING, CLOSED -> farewell.tick(now, moved, route == null ? 0 : route.idleNanos());
        }
    }

    /// Between two requests, or within a head.
    private void tickBetween(long now, @Nullable ListenerRoute route) {
        if (route != null && heads.waitingLonger(route.idleNanos())) {
            int written = give(OwnAnswer.page(408), true, true);
            RefusedRequests.unfinished(route, loop, this::logged, inlet.length(), written);
            closeAfterAnswer(true);
        } else if (route == null || idle(now, route) || inlet.empty() && now - openedAt > route.keepAliveNanos()) {
            // A head that has begun to arrive when the connection is too old is still answered, and told that it was the last.
            close();
        }
    }

    private boolean idle(long now, ListenerRoute route) {
        lastActive = TcpProgress.lastMoved(lastActive, now, route.idleNanos(), channel);
        lastActive = exchange.lastMoved(lastActive, now, route.idleNanos());
        return now - lastActive > route.idleNanos();
    }

    @Override
    public boolean goesOn() {
        ListenerRoute listener = listener();
        return listener != null && loop.now() - openedAt <= listener.keepAliveNanos();
    }

    /// Whose connection it is; null when nobody's any more.
    @Nullable ListenerRoute listener() {
        PortRoute port = loop.routing().port(socket.key());
        return port == null ? null : port.first();
    }

    /// Under which listener it is served now: that of the request that runs, before all.
    private @Nullable ListenerRoute route() {
        ListenerRoute running = exchange.route();
        return running == null ? listener() : running;
    }

    /// Steps out of the way of a tunnel or of HTTP/2.
    ///
    /// @return what was received and belongs to no request; may be null
    @Nullable ByteBuf leave() {
        ByteBuf ahead = inlet.takeAll();
        state = State.CLOSED;
        loop.unwatch(this);
        outlet.flushNow();
        channel.pipeline().remove(this);
        return ahead;
    }

    /// The connection, or what took it over, has ended.
    void ended() {
        if (countedBy != null) {
            countedBy.add(loop, ListenerState.ACTIVE_CONNECTIONS, -1);
        }
    }

    @Override
    public void shut() {
        state = State.CLOSED;
        farewell.shut(exchange.answerEndsByClosing());
    }

    @Override
    public long held() {
        return outlet.unsent() + inlet.held() + exchange.held();
    }

    @Override
    public int tickIndex() {
        return tickIndex;
    }

    @Override
    public void tickIndex(int index) {
        tickIndex = index;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public PortSocket socket() {
        return socket;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public LoggedConnection logged() {
        return LoggedConnections.of(channel, loop, false);
    }

    @Override
    public ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    @Override
    public boolean translatable(TargetGroup.Version version) {
        return version == TargetGroup.Version.HTTP1;
    }

    @Override
    public Relay relay(Exchange exchange) {
        return new ResponseRelay(exchange, this, loop);
    }

    @Override
    public ClientAddress address() {
        return address;
    }

    @Override
    public byte[] localAddress() {
        return Ascii.bytes(NetUtil.toAddressString(((InetSocketAddress) channel.localAddress()).getAddress()));
    }
}
