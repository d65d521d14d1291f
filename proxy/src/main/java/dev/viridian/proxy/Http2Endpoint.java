package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Our end of a connection of HTTP/2. Netty's codec reads and writes its frames; what is here brings them to the streams they are for, and what the
/// streams have to say out.
abstract class Http2Endpoint extends Http2ConnectionHandler implements Loop.Ticked {
    /// What a stream is to us.
    interface Carried {
        void receivedHeaders(Http2Headers headers, boolean last);

        /// @return how many bytes of window are given back at once
        int receivedData(ByteBuf data, int padding, boolean last);

        /// More can be sent, or no more for now.
        void writabilityChanged();

        /// The other side goes on taking what it is sent, be it so little that still no more can be.
        void gotWindow();

        /// Of what it has to send, so much more waits now, or less, for window or for the socket.
        void waits(int change);

        /// The last that was to be sent has been.
        void sentAll();

        /// Closed by whomever, at the latest with the connection.
        void closed();
    }

    /// Makes our end of a connection, within the limits that hold whoever is at the other one.
    abstract static class Builder<T extends Http2Endpoint> extends AbstractHttp2ConnectionHandlerBuilder<T, Builder<T>> {
        Builder(boolean server, Http2Settings settings) {
            connection(fairConnection(server));
            initialSettings(settings);
            validateRequiredPseudoHeaders(true);
            encoderEnforceMaxQueuedControlFrames(Http2Limits.MAX_CONTROL_FRAMES_WAITING);
            decoderEnforceMaxConsecutiveEmptyDataFrames(Http2Limits.MAX_EMPTY_DATA_FRAMES);
            decoderEnforceMaxSmallContinuationFrames(Http2Limits.MAX_SMALL_CONTINUATIONS);
            decoupleCloseAndGoAway(true);
        }

        @Override
        protected T build() {
            return super.build();
        }
    }

    private final Loop loop;
    private final Http2Connection.PropertyKey key;
    private final Http2Frames frames;
    private final int window;
    private ChannelHandlerContext ctx;
    private boolean flushing;
    private long unsent;
    /// When the window of the whole connection grew last.
    private long allGotWindow;
    private boolean watched;
    private int tickIndex;

    /// @param window of the whole connection
    @SuppressWarnings("NullAway.Init")
    Http2Endpoint(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Loop loop, int window) {
        super(decoder, encoder, settings, true);
        this.loop = loop;
        this.allGotWindow = loop.now();
        this.window = window;
        this.key = encoder.connection().newKey();
        this.frames = new Http2Frames(this);
        decoder.frameListener(frames);
    }

    /// All streams have the same turn. The priorities of RFC 7540 are gone from HTTP/2 (RFC 9113 section 5.3), and the tree that Netty keeps for them
    /// costs time and memory.
    private static Http2Connection fairConnection(boolean server) {
        Http2Connection connection = new DefaultHttp2Connection(server, 0);
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        return connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        encoder().flowController().listener(changed -> {
            Carried carried = carriedBy(changed);
            if (carried != null) {
                carried.writabilityChanged();
            }
        });
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamHalfClosed(Http2Stream stream) {
                Carried carried = carriedBy(stream);
                if (carried != null && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                    carried.sentAll();
                }
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                Carried carried = carriedBy(stream);
                if (carried != null) {
                    carried.closed();
                }
                streamClosed();
            }
        });
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        begin();
    }

    /// The preface is out.
    private void begin() throws Http2Exception {
        decoder().flowController().incrementWindowSize(connection().connectionStream(), window - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        flush(ctx);
        loop.watch(this);
        watched = true;
        begun();
    }

    /// Headers of a stream that carries nothing yet.
    abstract void opened(Http2Stream stream, Http2Headers headers, boolean last) throws Http2Exception;

    /// One stream fewer.
    abstract void streamClosed();

    void begun() {}

    void settled() {}

    void pinged() {}

    /// The other side takes no more streams.
    void toldToGo(int lastStream) {}

    void wasReset(int streamId, long error) {}

    final void receivedHeaders(int streamId, Http2Headers headers, boolean last) throws Http2Exception {
        Http2Stream stream = connection().stream(streamId);
        if (stream == null) {
            return;
        }
        Carried carried = carriedBy(stream);
        if (carried == null) {
            opened(stream, headers, last);
        } else {
            carried.receivedHeaders(headers, last);
        }
    }

    final int receivedData(int streamId, ByteBuf data, int padding, boolean last) {
        Carried carried = carriedBy(streamId);
        return carried == null ? data.readableBytes() + padding : carried.receivedData(data, padding, last);
    }

    final void gotWindow(int streamId) {
        if (streamId == 0) {
            allGotWindow = loop.now();
            return;
        }
        Carried carried = carriedBy(streamId);
        if (carried != null) {
            carried.gotWindow();
        }
    }

    /// When something of what waits on a stream moved last. What moves for others as well does not count for one that is held up by its own window: who
    /// takes nothing of it is idle, however much is taken of others.
    final long lastMoved(Http2Stream stream, long known, long now, long patience) {
        if (now - known <= patience) {
            return known;
        }
        boolean queued = encoder().flowController().hasFlowControlled(stream);
        if (queued && encoder().flowController().windowSize(stream) <= 0) {
            return known;
        }
        long moved = Math.max(known, allGotWindow);
        boolean allHeldUp = queued && encoder().flowController().windowSize(connection().connectionStream()) <= 0;
        return allHeldUp ? moved : TcpProgress.lastMoved(moved, now, patience, ctx.channel());
    }

    final void carry(Http2Stream stream, Carried carried) {
        stream.setProperty(key, carried);
    }

    final @Nullable Carried carriedBy(int streamId) {
        Http2Stream stream = connection().stream(streamId);
        return stream == null ? null : carriedBy(stream);
    }

    final @Nullable Carried carriedBy(Http2Stream stream) {
        return stream.getProperty(key);
    }

    /// Gives window back.
    final void consumed(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(ctx, false, e);
        }
    }

    final void write(int streamId, Http2Headers headers, boolean last) {
        frames.useful();
        encoder().writeHeaders(ctx, streamId, headers, 0, last, ctx.newPromise());
    }

    final void write(int streamId, ByteBuf data, boolean last) {
        frames.useful();
        int length = data.readableBytes();
        unsent += length;
        Carried carried = carriedBy(streamId);
        if (carried != null) {
            carried.waits(length);
        }
        encoder().writeData(ctx, streamId, data, 0, last, ctx.newPromise().addListener(_ -> {
            unsent -= length;
            if (carried != null) {
                carried.waits(-length);
            }
        }));
    }

    /// Bytes that wait for their stream's window or for the socket.
    final long unsent() {
        return Math.max(unsent, Backlog.unsent(ctx.channel()));
    }

    final void reset(int streamId, Http2Error error) {
        encoder().writeRstStream(ctx, streamId, error.code(), ctx.newPromise());
        flushSoon();
    }

    final boolean writable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    /// What many streams write within one turn of the loop leaves together.
    final void flushSoon() {
        if (!flushing) {
            flushing = true;
            loop.eventLoop().execute(() -> {
                flushing = false;
                if (!ctx.isRemoved()) {
                    flush(ctx);
                }
            });
        }
    }

    /// Tells the other side up to which stream everything is or will be dealt with.
    final void sayGoodbye(int lastStream) {
        goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        flushSoon();
    }

    /// Closes when everything written has left.
    final void closeAfterLast() {
        flush(ctx);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /// @param whose connection it is, for the log
    final void broken(String whose, Throwable cause) {
        if (!(cause instanceof IOException)) {
            Proxy.LOG.warn("A connection of HTTP/2 with {} failed and is closed", whose, cause);
        }
        ctx.channel().close();
    }

    @Override
    protected void onConnectionError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null && !(cause instanceof IOException)) {
            Proxy.LOG.error("A connection of HTTP/2 with {} failed and is closed", ctx.channel().remoteAddress(), cause);
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        Http2Stream stream = connection().stream(error.streamId());
        // Otherwise it is about frames that were still waiting when their stream was closed: nobody is to be told.
        if (!outbound || stream == null || stream.state() != Http2Stream.State.CLOSED) {
            super.onStreamError(ctx, outbound, cause, error);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        if (watched) {
            watched = false;
            loop.unwatch(this);
        }
        super.channelInactive(ctx);
    }

    @Override
    public void shut() {
        sayGoodbye(connection().remote().lastStreamCreated());
        flush(ctx);
        ctx.channel().close();
    }

    final Loop loop() {
        return loop;
    }

    final ChannelHandlerContext ctx() {
        return ctx;
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
