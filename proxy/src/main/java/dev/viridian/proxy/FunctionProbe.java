package dev.viridian.proxy;

import dev.viridian.proxy.FunctionTargets.Header;
import dev.viridian.proxy.FunctionTargets.Request;
import dev.viridian.proxy.HealthProbe.Result;
import dev.viridian.proxy.TargetHealth.Reason;
import dev.viridian.proxy.routing.HealthCheck;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks one function once whether it is well: by a request that it can tell from others by its `User-Agent`.
final class FunctionProbe {
    private final Consumer<Result> outcome;
    private @Nullable ScheduledFuture<?> timeout;
    private boolean decided;

    private FunctionProbe(Consumer<Result> outcome) {
        this.outcome = outcome;
    }

    /// @param outcome called exactly once, on the loop
    static void run(Loop loop, TargetState target, HealthCheck check, long timeoutMillis, Consumer<Result> outcome) {
        FunctionProbe probe = new FunctionProbe(outcome);
        Request request = new Request("GET", check.path(), "", List.of(new Header("User-Agent", loop.options().healthCheckAgent())), new byte[0]);
        loop.eventLoop().execute(() -> {
            probe.timeout = loop.eventLoop().schedule(() -> probe.decide(new Result(Reason.TIMEOUT, "")), timeoutMillis, TimeUnit.MILLISECONDS);
            FunctionCall.call(loop, target.groupId(), target.target().id(), request,
                    answer -> probe.decide(check.isHealthy(answer.status()) ? Result.PASSED
                            : new Result(Reason.RESPONSE_CODE_MISMATCH, String.valueOf(answer.status()))),
                    () -> probe.decide(new Result(Reason.FAILED_CHECKS, "")));
        });
    }

    private void decide(Result result) {
        if (!decided) {
            decided = true;
            if (timeout != null) {
                timeout.cancel(false);
            }
            outcome.accept(result);
        }
    }
}
