package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.proxy.FunctionTargets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/// Functions as targets: each request becomes an invocation that is waited for.
///
/// Different from AWS: whether the function lets the load balancer call it is found out by calling, not by registering.
final class LambdaTargets implements FunctionTargets {
    private static final Logger LOG = LoggerFactory.getLogger(LambdaTargets.class);
    private static final int MOST_ANSWER = 1 << 20;
    private static final String ARN = "arn:aws[a-z-]*:lambda:[a-z0-9-]+:\\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?";

    /// What went on with the functions of one group.
    ///
    /// @param userErrors     that the function, or what is said about it, is to blame for
    /// @param internalErrors that Lambda is to blame for
    record Readings(long userErrors, long internalErrors, long bytes) {
        static final Readings ZERO = new Readings(0, 0, 0);

        Readings since(Readings earlier) {
            return new Readings(userErrors - earlier.userErrors, internalErrors - earlier.internalErrors, bytes - earlier.bytes);
        }
    }

    private record Counters(LongAdder userErrors, LongAdder internalErrors, LongAdder bytes) {
        Counters() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private final Rows rows;
    private final LambdaClient lambda;
    private final Map<String, Counters> counters = new ConcurrentHashMap<>();

    LambdaTargets(Rows rows, LambdaClient lambda) {
        this.rows = rows;
        this.lambda = lambda;
    }

    static RegisteredTarget resolved(TargetGroup group, TargetDescription target, Instant now) {
        if (!target.id().matches(ARN)) {
            throw InvalidTargetException.builder().message("The function ARN '" + target.id() + "' is not valid").build();
        }
        Refusals.require(target.port() == null, "A port cannot be specified for targets of target groups with the target type 'lambda'");
        return new RegisteredTarget(group.targetGroupArn(), target.id(), "", RegisteredTarget.NO_PORT, "", now, Optional.empty());
    }

    @Override
    public Answer call(String group, String function, Request request) throws FunctionEvents.Malformed {
        Arn arn = Arn.parse(group);
        boolean multi = "true".equals(rows.attributesAt(Key.of(arn.account(), arn.region(), group)).get("lambda.multi_value_headers.enabled"));
        String event = FunctionEvents.event(group, request, multi);
        Counters counting = counters.computeIfAbsent(group, _ -> new Counters());
        counting.bytes().add(event.length());
        InvokeResponse response = Caller.get(Caller.service("elasticloadbalancing.amazonaws.com", arn.account(), arn.region()),
                () -> invoked(counting, function, event));
        byte[] payload = response.payload() == null ? new byte[0] : response.payload().asByteArray();
        counting.bytes().add(payload.length);
        try {
            if (response.functionError() != null) {
                throw new FunctionEvents.Malformed("the function failed (" + response.functionError() + "): "
                        + new String(payload, 0, Math.min(payload.length, 500), StandardCharsets.UTF_8));
            }
            if (payload.length > MOST_ANSWER) {
                throw new FunctionEvents.Malformed("the function's answer has " + payload.length + " bytes, more than " + MOST_ANSWER);
            }
            return FunctionEvents.answer(payload, multi);
        } catch (FunctionEvents.Malformed e) {
            counting.userErrors().increment();
            LOG.info("Function {} gave no answer that its client could get, which got 502: {}", function, e.getMessage());
            throw e;
        }
    }

    private InvokeResponse invoked(Counters counting, String function, String event) {
        try {
            return lambda.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String(event)));
        } catch (SdkException e) {
            boolean user = e instanceof LambdaException refused && refused.statusCode() < 500 && !(e instanceof TooManyRequestsException);
            (user ? counting.userErrors() : counting.internalErrors()).increment();
            LOG.info("Function {} could not be invoked, its client got 502: {}", function, e.getMessage());
            throw e;
        }
    }

    /// By ARN of the group, since the beginning.
    Map<String, Readings> readings() {
        Map<String, Readings> readings = new HashMap<>();
        counters.forEach((group, each) -> readings.put(group, new Readings(each.userErrors().sum(), each.internalErrors().sum(), each.bytes().sum())));
        return readings;
    }

    /// What happened between two readings.
    static Map<String, Readings> between(Map<String, Readings> before, Map<String, Readings> now) {
        Map<String, Readings> between = new HashMap<>();
        now.forEach((group, readings) -> between.put(group, readings.since(before.getOrDefault(group, Readings.ZERO))));
        return between;
    }
}
