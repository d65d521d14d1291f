package dev.viridian.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for a TLS client's first message, chooses the certificate by it and by the routing of that moment, and steps aside for the handshake itself.
public final class TlsHandshake extends SslClientHelloHandler<TlsCertificate> {
    /// The whole handshake may take twice this: it begins anew with the first message, whose length is bounded.
    private static final long TIMEOUT_SECONDS = 10;
    private static final int LONGEST_HELLO = 16 * 1024;

    private final Supplier<@Nullable TlsContexts> contexts;
    private final Runnable onFailure;
    private ClientHello hello = ClientHello.UNREADABLE;
    private @Nullable ScheduledFuture<?> timeout;

    /// @param contexts  as the routing of the moment has them; null when the listener is gone
    /// @param onFailure called on the loop when no encryption was agreed on
    public TlsHandshake(Supplier<@Nullable TlsContexts> contexts, Runnable onFailure) {
        super(LONGEST_HELLO);
        this.contexts = contexts;
        this.onFailure = onFailure;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor().schedule(() -> {
            onFailure.run();
            ctx.close();
        }, TIMEOUT_SECONDS, TimeUnit.SECONDS);
        ctx.fireChannelActive();
    }

    @Override
    protected Future<TlsCertificate> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
        TlsContexts current = contexts.get();
        if (current == null) {
            return ctx.executor().newFailedFuture(new IllegalStateException("the listener is gone"));
        }
        hello = clientHello == null ? ClientHello.UNREADABLE : ClientHello.read(clientHello);
        return ctx.executor().newSucceededFuture(current.choose(hello));
    }

    /// On the loop in the same step as [#lookup], so that what was chosen is still in use.
    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<TlsCertificate> chosen) {
        cancelTimeout();
        if (!chosen.isSuccess()) {
            ctx.close();
            return;
        }
        TlsCertificate certificate = chosen.getNow();
        SslHandler handler = certificate.context().newHandler(ctx.alloc());
        handler.setHandshakeTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                ClientTls.remember(ctx.channel(), handler.engine().getSession(), hello.serverName(), certificate);
            } else {
                onFailure.run();
            }
        });
        boolean replaced = false;
        try {
            ctx.pipeline().replace(this, "tls", handler);
            replaced = true;
        } finally {
            if (!replaced) {
                ReferenceCountUtil.safeRelease(handler.engine());
            }
        }
    }

    /// What is no TLS at all ends here.
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        try {
            super.decode(ctx, in, out);
        } catch (NotSslRecordException e) {
            onFailure.run();
            throw e;
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        cancelTimeout();
        super.handlerRemoved0(ctx);
    }
}
