package dev.viridian.proxy.health;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.HealthCheck;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks one target once. Redirects are not followed; a check is decided by the status alone.
public final class HealthProbe extends ChannelInboundHandlerAdapter {
    private static final int MAX_HEAD = 32 * 1024;
    /// What the reader of heads wants to have behind them.
    private static final int ROOM = 2;

    private final EventLoop loop;
    private final HealthQuestion question;
    private final InetSocketAddress address;
    private final Consumer<HealthAnswer> outcome;
    private final ResponseHead head = new ResponseHead();
    private byte[] bytes = new byte[0];
    private @Nullable ByteBuf received;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable Channel channel;
    private boolean decided;

    private HealthProbe(EventLoop loop, HealthQuestion question, InetSocketAddress address, Consumer<HealthAnswer> outcome) {
        this.loop = loop;
        this.question = question;
        this.address = address;
        this.outcome = outcome;
    }

    /// @param upstream  makes connections on `loop`
    /// @param beginning puts in place what has to come before the question: who connects, encryption
    /// @param target    where requests go; the check may ask at another port
    /// @param outcome   called exactly once, on the loop
    public static void run(EventLoop loop, Bootstrap upstream, Consumer<ChannelPipeline> beginning, InetSocketAddress target, HealthQuestion question,
            Consumer<HealthAnswer> outcome) {
        int port = question.check().port().orElse(target.getPort());
        HealthProbe probe = new HealthProbe(loop, question, new InetSocketAddress(target.getAddress(), port), outcome);
        loop.execute(() -> probe.begin(upstream, beginning));
    }

    private void begin(Bootstrap upstream, Consumer<ChannelPipeline> beginning) {
        timeout = loop.schedule(() -> decide(HealthAnswer.TIMED_OUT), question.timeoutMillis(), TimeUnit.MILLISECONDS);
        channel = upstream.clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel created) {
                beginning.accept(created.pipeline());
                if (question.multiplexed()) {
                    created.pipeline().addLast(Http2Question.of(question, authority(), HealthProbe.this::decide), new Failure());
                } else {
                    created.pipeline().addLast(HealthProbe.this);
                }
            }
        }).connect(address).addListener(connected -> {
            if (!connected.isSuccess()) {
                // Netty says on a thread of its own that no socket could be made.
                loop.execute(() -> decide(HealthAnswer.FAILED));
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
            decide(HealthAnswer.FAILED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            decide(HealthAnswer.FAILED);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (question.check().protocol() == HealthCheck.Protocol.TCP) {
            decide(HealthAnswer.PASSED);
            return;
        }
        String request = "GET " + question.check().path() + " HTTP/1.1\r\nHost: " + authority() + "\r\nConnection: close\r\n"
                + "User-Agent: " + question.agent() + "\r\nAccept-Encoding: gzip, compressed\r\n\r\n";
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
        if (bytes.length == 0) {
            bytes = new byte[MAX_HEAD + ROOM];
        }
        all.getBytes(all.readerIndex(), bytes, 0, length);
        Refusal refusal = head.read(bytes, 0, length);
        if (refusal == Refusal.INCOMPLETE && length < MAX_HEAD) {
            return;
        }
        if (refusal != null) {
            decide(HealthAnswer.FAILED);
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
        report(HealthAnswer.of(question.check(), status));
    }

    private void decide(HealthAnswer answer) {
        report(answer);
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (channel != null && channel.isRegistered()) {
            // Else it could not even be begun, and cannot be told to close.
            channel.close();
        }
    }

    private void report(HealthAnswer answer) {
        if (!decided) {
            decided = true;
            outcome.accept(answer);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (received != null) {
            received.release();
            received = null;
        }
        decide(HealthAnswer.FAILED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        decide(HealthAnswer.FAILED);
    }
}
