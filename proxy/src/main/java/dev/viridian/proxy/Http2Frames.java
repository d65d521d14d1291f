package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/// The frames that arrive. Those that carry neither headers nor data are counted, so that nobody sends nothing but them.
final class Http2Frames extends Http2FrameAdapter {
    private final Http2Endpoint endpoint;
    private int idle;

    Http2Frames(Http2Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /// Something useful was received or sent.
    void useful() {
        idle = 0;
    }

    private void idle() throws Http2Exception {
        if (++idle > Http2Limits.MAX_IDLE_FRAMES) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "more than %d frames without headers or data", idle - 1);
        }
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last) throws Http2Exception {
        useful();
        endpoint.receivedHeaders(streamId, headers, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int dependency, short weight, boolean exclusive,
            int padding, boolean last) throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, last);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean last) {
        if (data.isReadable()) {
            useful();
        }
        return endpoint.receivedData(streamId, data, padding, last);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long error) {
        endpoint.wasReset(streamId, error);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) {
        endpoint.gotWindow(streamId);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long error, ByteBuf text) {
        endpoint.toldToGo(lastStream);
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive) throws Http2Exception {
        idle();
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        idle();
        endpoint.settled();
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        idle();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        endpoint.pinged();
    }
}
