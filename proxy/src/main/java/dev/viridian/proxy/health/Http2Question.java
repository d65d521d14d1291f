package dev.viridian.proxy.health;

import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a health check asks a target that speaks HTTP/2: `GET`, or for gRPC a call of `path` with an empty message. What counts is the status, for
/// gRPC that of gRPC.
///
/// Source: ELB user guide, "Health checks for Application Load Balancer target groups": the default path is one that no service has, so that a server
/// which is well answers 12, unimplemented.
final class Http2Question extends Http2FrameAdapter {
    private static final int STREAM = 1;
    /// Of all headers of the answer, counted as HPACK counts. As much as from a target that answers requests, though nothing depends on that.
    private static final int MAX_HEADER_LIST = 64 * 1024;
    /// Uncompressed, of no bytes.
    private static final byte[] EMPTY_MESSAGE = new byte[5];

    private final HealthCheck check;
    private final boolean grpc;
    private final Http2Headers headers;
    private final Consumer<HealthAnswer> outcome;
    private final Http2ConnectionHandler connection;
    private boolean asked;

    private Http2Question(HealthQuestion question, String authority, Consumer<HealthAnswer> outcome) {
        this.check = question.check();
        this.grpc = question.version() == TargetGroup.Version.GRPC;
        this.outcome = outcome;
        this.headers = new DefaultHttp2Headers().method(grpc ? "POST" : "GET").path(check.path()).authority(authority)
                .scheme(question.secure() ? "https" : "http").set("user-agent", question.agent());
        if (grpc) {
            headers.set("content-type", "application/grpc").set("te", "trailers");
        }
        this.connection = new Http2ConnectionHandlerBuilder().server(false).frameListener(this).gracefulShutdownTimeoutMillis(0)
                .initialSettings(Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(MAX_HEADER_LIST)).build();
    }

    /// @param outcome heard when the target has answered; not when its connection fails
    static Http2ConnectionHandler of(HealthQuestion question, String authority, Consumer<HealthAnswer> outcome) {
        return new Http2Question(question, authority, outcome).connection;
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        if (asked) {
            return;
        }
        asked = true;
        connection.encoder().writeHeaders(ctx, STREAM, headers, 0, !grpc, ctx.newPromise());
        if (grpc) {
            connection.encoder().writeData(ctx, STREAM, Unpooled.wrappedBuffer(EMPTY_MESSAGE), 0, true, ctx.newPromise());
        }
        connection.flush(ctx);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers answer, int dependency, short weight, boolean exclusive,
            int padding, boolean last) {
        onHeadersRead(ctx, streamId, answer, padding, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers answer, int padding, boolean last) {
        CharSequence status = answer.status();
        if (!grpc) {
            decide(status);
        } else if (last) {
            decide(answer.get("grpc-status"));
        } else if (status != null && isNumber(status) && !status.toString().equals("200")) {
            outcome.accept(HealthAnswer.mismatch(Integer.parseInt(status.toString())));
        }
    }

    private static boolean isNumber(CharSequence status) {
        return status.toString().matches("\\d{1,3}");
    }

    private void decide(@Nullable CharSequence status) {
        if (status == null || !isNumber(status)) {
            outcome.accept(HealthAnswer.FAILED);
            return;
        }
        int code = Integer.parseInt(status.toString());
        if (grpc || code >= 200) {
            outcome.accept(HealthAnswer.of(check, code));
        }
    }
}
