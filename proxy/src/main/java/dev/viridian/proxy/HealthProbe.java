package dev.viridian.proxy;

import dev.viridian.proxy.TargetHealth.Reason;
import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks one target once. Redirects are not followed; a check is decided by the status alone.
final class HealthProbe extends ChannelInboundHandlerAdapter {
    private static final int MAX_HEAD = 32 * 1024;

    /// @param reason `NONE` when the target is well
    record Result(Reason reason, String detail) {
        static final Result PASSED = new Result(Reason.NONE, "");

        boolean passed() {
            return reason == Reason.NONE;
        }
    }

    private final Loop loop;
    private final HealthCheck check;
    private final InetSocketAddress address;
    private final Consumer<Result> outcome;
    private final boolean secure;
    private final boolean announced;
    private final TargetGroup.Version version;
    private @Nullable ByteBuf received;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable Channel channel;
    private boolean decided;

    private HealthProbe(Loop loop, HealthCheck check, InetSocketAddress address, boolean announced, TargetGroup.Version version,
            Consumer<Result> outcome) {
        this.loop = loop;
        this.check = check;
        this.address = address;
        this.announced = announced;
        this.version = version;
        this.outcome = outcome;
        this.secure = check.protocol() == HealthCheck.Protocol.HTTPS;
    }

    /// @param announced whether the target expects a PROXY protocol header
    /// @param version   what the target speaks
    /// @param outcome   called exactly once, on the loop
    static void run(Loop loop, TargetState target, HealthCheck check, boolean announced, TargetGroup.Version version, long timeoutMillis,
            Consumer<Result> outcome) {
        int port = check.port().orElse(target.address().getPort());
        InetSocketAddress address = new InetSocketAddress(target.address().getAddress(), port);
        HealthProbe probe = new HealthProbe(loop, check, address, announced, version, outcome);
        loop.eventLoop().execute(() -> probe.begin(timeoutMillis));
    }

    private void begin(long timeoutMillis) {
        timeout = loop.eventLoop().schedule(() -> decide(new Result(Reason.TIMEOUT, "")), timeoutMillis, TimeUnit.MILLISECONDS);
        channel = loop.upstream().clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel created) {
                if (announced) {
                    created.pipeline().addLast(ProxyHeader.ofNobody());
                }
                boolean multiplexed = version != TargetGroup.Version.HTTP1 && check.protocol() != HealthCheck.Protocol.TCP;
                if (secure) {
                    created.pipeline().addLast((multiplexed ? loop.targetTlsForHttp2() : loop.targetTls()).newHandler(created.alloc()));
                }
                if (multiplexed) {
                    created.pipeline().addLast(Http2Question.of(check, version, authority(), loop.options().healthCheckAgent(),
                            HealthProbe.this::decide), new Failure());
                } else {
                    created.pipeline().addLast(HealthProbe.this);
                }
            }
        }).connect(address).addListener(connected -> {
            if (!connected.isSuccess()) {
                decide(new Result(Reason.FAILED_CHECKS, ""));
            }
        }).channel();
    }

    private String authority() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /// Behind a connection of HTTP/2: hears that there will be no answer.
    private final class Failure extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            decide(new Result(Reason.FAILED_CHECKS, ""));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            decide(new Result(Reason.FAILED_CHECKS, ""));
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (check.protocol() == HealthCheck.Protocol.TCP) {
            decide(Result.PASSED);
            return;
        }
        String request = "GET " + check.path() + " HTTP/1.1\r\nHost: " + authority() + "\r\nConnection: close\r\n"
                + "User-Agent: " + loop.options().healthCheckAgent() + "\r\nAccept-Encoding: gzip, compressed\r\n\r\n";
        ByteBuf out = ctx.alloc().directBuffer(request.length());
        ctx.writeAndFlush(out.writeBytes(Ascii.bytes(request)));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (decided) {
            in.release();
            return;
        }
        ByteBuf all = received == null ? ctx.alloc().directBuffer() : received;
        received = all;
        all.writeBytes(in);
        in.release();
        read(all);
    }

    private void read(ByteBuf all) {
        int length = Math.min(all.readableBytes(), MAX_HEAD);
        all.getBytes(all.readerIndex(), loop.scratch(), 0, length);
        ResponseHead head = loop.responseHead();
        Refusal refusal = head.read(loop.scratch(), 0, length);
        if (refusal == Refusal.INCOMPLETE && length < MAX_HEAD) {
            return;
        }
        if (refusal != null) {
            decide(new Result(Reason.FAILED_CHECKS, ""));
        } else if (head.interim()) {
            all.skipBytes(head.end());
            read(all);
        } else {
            decideByStatus(head.status());
        }
    }

    /// The connection stays open until the target closes it, as it was asked to, or until the timeout: a target that is still writing should not
    /// meet a reset.
    private void decideByStatus(int status) {
        report(check.isHealthy(status) ? Result.PASSED : new Result(Reason.RESPONSE_CODE_MISMATCH, String.valueOf(status)));
    }

    private void decide(Result result) {
        report(result);
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (channel != null) {
            channel.close();
        }
    }

    private void report(Result result) {
        if (!decided) {
            decided = true;
            outcome.accept(result);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (received != null) {
            received.release();
            received = null;
        }
        decide(new Result(Reason.FAILED_CHECKS, ""));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        decide(new Result(Reason.FAILED_CHECKS, ""));
    }
}
