package dev.viridian.proxy.routing;

import java.time.Duration;
import java.util.List;

/// Who answers, and how it is found out whether they can.
///
/// @param version             what the targets speak; a request that cannot be translated is answered 464
/// @param deregistrationDelay configured (paced): how long a removed target may finish what it has begun
/// @param slowStart           configured (paced): how long a target that became healthy gets a linearly growing share; zero for at once
/// @param flows               for groups that get connections rather than requests
/// @param minimum             how many targets must be healthy; with fewer, all get traffic
public record TargetGroup(String id, Protocol protocol, Version version, List<Target> targets, HealthCheck healthCheck, Duration deregistrationDelay,
        Duration slowStart, Algorithm algorithm, Stickiness stickiness, Flows flows, Minimum minimum) {

    /// What is spoken on the connection to a target. HTTPS and TLS do not verify the target's certificate: a target is trusted by its address.
    public enum Protocol {
        HTTP, HTTPS, TCP, TLS;

        public boolean secure() {
            return this == HTTPS || this == TLS;
        }
    }

    public enum Version { HTTP1, HTTP2, GRPC }

    public enum Algorithm { ROUND_ROBIN, LEAST_OUTSTANDING, WEIGHTED_RANDOM }

    /// Whether a client returns to the target it was first sent to.
    public sealed interface Stickiness {
        record None() implements Stickiness {}

        /// The proxy's own cookie, renewed with each answer.
        record ByProxyCookie(Action.CookieStickiness cookie) implements Stickiness {}

        /// As long as the client has the application's own cookie `applicationCookie`: when a target sets it, the proxy sets `cookie` beside it, and
        /// renews that with each answer to a client that brings both.
        record ByApplicationCookie(String applicationCookie, Action.CookieStickiness cookie) implements Stickiness {}

        /// For connections that are passed through: the client's address decides, as long as its target is fit. When targets come or go, only
        /// clients of those move.
        record BySourceAddress() implements Stickiness {}
    }

    /// Below either of the two figures, sending to the healthy alone would overload them.
    ///
    /// @param percent of all targets; 0 for any
    public record Minimum(int count, int percent) {
        public static final Minimum ONE = new Minimum(1, 0);

        public boolean isMet(int healthy, int all) {
            return healthy >= count && healthy * 100L >= (long) percent * all;
        }
    }

    public TargetGroup {
        targets = List.copyOf(targets);
        if (targets.stream().distinct().count() != targets.size()) {
            throw new IllegalArgumentException("target group " + id + " names a target twice");
        }
    }

    public TargetGroup(String id, Protocol protocol, Version version, List<Target> targets, HealthCheck healthCheck, Duration deregistrationDelay,
            Duration slowStart, Algorithm algorithm, Stickiness stickiness, Flows flows) {
        this(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, Minimum.ONE);
    }

    public TargetGroup(String id, Protocol protocol, Version version, List<Target> targets, HealthCheck healthCheck, Duration deregistrationDelay,
            Duration slowStart, Algorithm algorithm, Stickiness stickiness) {
        this(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, Flows.DEFAULT);
    }

    /// HTTP/1.1, round robin, no stickiness, 300 s deregistration delay.
    public static TargetGroup http(String id, HealthCheck healthCheck, List<Target> targets) {
        return new TargetGroup(id, Protocol.HTTP, Version.HTTP1, targets, healthCheck, Duration.ofSeconds(300), Duration.ZERO, Algorithm.ROUND_ROBIN,
                new Stickiness.None());
    }

    public TargetGroup withTargets(List<Target> targets) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withProtocol(Protocol protocol) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withVersion(Version version) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withDeregistrationDelay(Duration deregistrationDelay) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withAlgorithm(Algorithm algorithm) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withStickiness(Stickiness stickiness) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withSlowStart(Duration slowStart) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withFlows(Flows flows) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }

    public TargetGroup withMinimum(Minimum minimum) {
        return new TargetGroup(id, protocol, version, targets, healthCheck, deregistrationDelay, slowStart, algorithm, stickiness, flows, minimum);
    }
}
