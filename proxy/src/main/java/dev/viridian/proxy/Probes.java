package dev.viridian.proxy;

import dev.viridian.proxy.health.HealthAnswer;
import dev.viridian.proxy.health.HealthProbe;
import dev.viridian.proxy.health.HealthQuestion;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;

/// Asks targets how they are, each on a loop of its own: over a connection, or by a call where the target is a function.
final class Probes {
    private final Loops loops;

    Probes(Loops loops) {
        this.loops = loops;
    }

    /// @param outcome called exactly once, on a loop
    void ask(TargetState target, HealthQuestion question, Consumer<HealthAnswer> outcome) {
        Loop loop = loops.all().get(Math.floorMod(target.stickyKey(), loops.all().size()));
        if (target.target().isFunction()) {
            FunctionProbe.run(loop, target, question, outcome);
        } else {
            HealthProbe.run(loop.eventLoop(), loop.upstream(), pipeline -> begin(pipeline, loop, question), target.address(), question, outcome);
        }
    }

    private static void begin(ChannelPipeline pipeline, Loop loop, HealthQuestion question) {
        if (question.flows().announced()) {
            pipeline.addLast(ProxyHeader.ofNobody());
        }
        if (question.secure()) {
            pipeline.addLast((question.multiplexed() ? loop.targetTlsForHttp2() : loop.targetTls()).newHandler(pipeline.channel().alloc()));
        }
    }
}
