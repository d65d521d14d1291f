package dev.viridian.proxy;

import dev.viridian.proxy.FunctionTargets.Header;
import dev.viridian.proxy.FunctionTargets.Request;
import dev.viridian.proxy.health.HealthAnswer;
import dev.viridian.proxy.health.HealthQuestion;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks one function once whether it is well: by a request that it can tell from others by its `User-Agent`.
final class FunctionProbe {
    private final Consumer<HealthAnswer> outcome;
    private @Nullable ScheduledFuture<?> timeout;
    private boolean decided;

    private FunctionProbe(Consumer<HealthAnswer> outcome) {
        this.outcome = outcome;
    }

    /// @param outcome called exactly once, on the loop
    static void run(Loop loop, TargetState target, HealthQuestion question, Consumer<HealthAnswer> outcome) {
        FunctionProbe probe = new FunctionProbe(outcome);
        Request request = new Request("GET", question.check().path(), "", List.of(new Header("User-Agent", question.agent())), new byte[0]);
        loop.eventLoop().execute(() -> {
            probe.timeout = loop.eventLoop().schedule(() -> probe.decide(HealthAnswer.TIMED_OUT), question.timeoutMillis(), TimeUnit.MILLISECONDS);
            FunctionCall.call(loop, target.groupId(), () -> loop.functions().check(target.groupId(), target.target().id(), request),
                    answer -> probe.decide(HealthAnswer.of(question.check(), answer.status())), _ -> probe.decide(HealthAnswer.FAILED));
        });
    }

    private void decide(HealthAnswer answer) {
        if (!decided) {
            decided = true;
            if (timeout != null) {
                timeout.cancel(false);
            }
            outcome.accept(answer);
        }
    }
}
