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

        void count(LambdaFailure failure) {
            (failure.internal() ? internalErrors : userErrors).increment();
        }
    }

    private final Rows rows;
    private final LambdaClient lambda;
    private final Map<String, Counters> counters = new ConcurrentHashMap<>();

    LambdaTargets(Rows rows, LambdaClient lambda) {
        this.rows = rows;
        this.lambda = lambda;
    }

    static boolean isFunction(String id) {
        return id.matches(ARN);
    }

    static RegisteredTarget resolved(TargetGroup group, TargetDescription target, Instant now) {
        if (!isFunction(target.id())) {
            throw InvalidTargetException.builder().message("The function ARN '" + target.id() + "' is not valid").build();
        }
        Refusals.require(target.port() == null, "A port cannot be specified for targets of target groups with the target type 'lambda'");
        return new RegisteredTarget(group.targetGroupArn(), target.id(), "", RegisteredTarget.NO_PORT, "", now, Optional.empty());
    }

    @Override
    public Answer call(String group, String function, Request request) throws NoAnswer {
        return answer(group, function, request, counters(group));
    }

    /// Metrics are about requests of clients. Source: user guide, "Metrics for Application Load Balancers exclude health check requests."
    @Override
    public Answer check(String group, String function, Request request) throws NoAnswer {
        return answer(group, function, request, new Counters());
    }

    @Override
    public String failed(String group, Fault fault) {
        LambdaFailure failure = switch (fault) {
            case REQUEST_TOO_LARGE -> LambdaFailure.REQUEST_TOO_LARGE;
            case UNFIT_ANSWER -> LambdaFailure.INVALID_RESPONSE;
            // A guess: the only code about time there is, as the guide explains 504 by Lambda's not answering in time.
            case TOO_SLOW -> LambdaFailure.CONNECTION_TIMEOUT;
            // It is not Lambda that has too much to do, but to the client it is the same.
            case TOO_MANY_CALLS -> LambdaFailure.THROTTLING;
        };
        counters(group).count(failure);
        return failure.code();
    }

    private Counters counters(String group) {
        return counters.computeIfAbsent(group, _ -> new Counters());
    }

    private Answer answer(String group, String function, Request request, Counters counting) throws NoAnswer {
        Arn arn = Arn.parse(group);
        boolean multi = "true".equals(rows.attributesAt(Key.of(arn.account(), arn.region(), group)).get("lambda.multi_value_headers.enabled"));
        String event = FunctionEvents.event(group, request, multi);
        counting.bytes().add(event.length());
        InvokeResponse response;
        try {
            response = Caller.get(Caller.service("elasticloadbalancing.amazonaws.com", arn.account(), arn.region()),
                    () -> lambda.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String(event))));
        } catch (SdkException e) {
            throw failed(counting, function, LambdaFailure.of(e), "it could not be invoked: " + e.getMessage());
        }
        byte[] payload = response.payload() == null ? new byte[0] : response.payload().asByteArray();
        counting.bytes().add(payload.length);
        if (response.functionError() != null) {
            throw failed(counting, function, LambdaFailure.UNHANDLED, "it failed (" + response.functionError() + "): "
                    + new String(payload, 0, Math.min(payload.length, 500), StandardCharsets.UTF_8));
        }
        if (payload.length > MOST_ANSWER) {
            throw failed(counting, function, LambdaFailure.RESPONSE_TOO_LARGE, "its answer has " + payload.length + " bytes, more than " + MOST_ANSWER);
        }
        try {
            return FunctionEvents.answer(payload, multi);
        } catch (FunctionEvents.Malformed e) {
            throw failed(counting, function, LambdaFailure.INVALID_RESPONSE, e.getMessage());
        }
    }

    private static NoAnswer failed(Counters counting, String function, LambdaFailure failure, String explanation) {
        counting.count(failure);
        LOG.info("Function {} gave no answer ({}): {}", function, failure.code(), explanation);
        return new NoAnswer(failure.code(), explanation);
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
