package dev.viridian.proxy;

import dev.viridian.proxy.health.HealthAnswer;
import dev.viridian.proxy.health.HealthProbe;
import dev.viridian.proxy.health.HealthQuestion;
import dev.viridian.proxy.log.HealthLog;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.channel.ChannelPipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Asks targets how they are, each on a loop of its own: over a connection, or by a call where the target is a function.
final class Probes {
    private final Loops loops;
    /// By id of a group: the listeners that want its checks logged.
    private volatile Map<String, List<String>> logged = Map.of();

    Probes(Loops loops) {
        this.loops = loops;
    }

    /// From now on the checks are logged of those groups whose listeners want it.
    void follow(List<Listener> listeners) {
        Map<String, List<String>> wanted = new HashMap<>();
        listeners.stream().filter(listener -> listener.settings().logging().checks())
                .forEach(listener -> listener.groupIds().forEach(group -> wanted.computeIfAbsent(group, _ -> new ArrayList<>()).add(listener.id())));
        wanted.replaceAll((_, ids) -> List.copyOf(ids));
        logged = wanted;
    }

    /// @param outcome called exactly once, on a loop
    void ask(TargetState target, HealthQuestion question, Consumer<HealthAnswer> outcome) {
        Loop loop = loops.all().get(Math.floorMod(target.stickyKey(), loops.all().size()));
        long began = loop.nanos();
        Consumer<HealthAnswer> heard = answer -> {
            log(loop, target, question, began, answer);
            outcome.accept(answer);
        };
        if (target.target().isFunction()) {
            FunctionProbe.run(loop, target, question, heard);
        } else {
            HealthProbe.run(loop.eventLoop(), loop.upstream(), pipeline -> begin(pipeline, loop, question), target.address(), question, heard);
        }
    }

    private void log(Loop loop, TargetState target, HealthQuestion question, long began, HealthAnswer answer) {
        List<String> listeners = logged.getOrDefault(target.groupId(), List.of());
        if (!listeners.isEmpty()) {
            loop.log().offer(new HealthLog(listeners, kind(target, question), target.groupId(), target.target(), loop.epochMicros(began),
                    loop.nanos() - began, outcome(answer), answer.status()));
        }
    }

    private static HealthLog.Kind kind(TargetState target, HealthQuestion question) {
        if (target.target().isFunction()) {
            return HealthLog.Kind.FUNCTION;
        }
        if (question.multiplexed()) {
            return question.version() == TargetGroup.Version.GRPC ? HealthLog.Kind.GRPC : HealthLog.Kind.HTTP2;
        }
        return switch (question.check().protocol()) {
            case HTTP -> HealthLog.Kind.HTTP;
            case HTTPS -> HealthLog.Kind.HTTPS;
            case TCP -> HealthLog.Kind.TCP;
        };
    }

    private static HealthLog.Outcome outcome(HealthAnswer answer) {
        return switch (answer.reason()) {
            case NONE -> HealthLog.Outcome.PASSED;
            case RESPONSE_CODE_MISMATCH -> HealthLog.Outcome.UNEXPECTED_STATUS;
            case TIMEOUT -> HealthLog.Outcome.TIMED_OUT;
            default -> HealthLog.Outcome.BROKEN;
        };
    }

    /// What has to come before the question.
    private static void begin(ChannelPipeline pipeline, Loop loop, HealthQuestion question) {
        if (question.flows().announced()) {
            pipeline.addLast(ProxyHeader.ofNobody());
        }
        if (question.secure()) {
            pipeline.addLast((question.multiplexed() ? loop.targetTlsForHttp2() : loop.targetTls()).newHandler(pipeline.channel().alloc()));
        }
    }
}
