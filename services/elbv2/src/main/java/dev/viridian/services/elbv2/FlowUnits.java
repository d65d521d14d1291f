package dev.viridian.services.elbv2;

import dev.viridian.engine.Decision;

/// How much of a network load balancer's capacity a minute of one protocol's traffic took, in the units AWS bills by: of three dimensions the one that
/// was used most.
///
/// Source: the published prices of Elastic Load Balancing ("LCU details").
///
/// @param started in the minute
/// @param active  at its end
/// @param bytes   processed in the minute
@Decision
record FlowUnits(long started, long active, long bytes) {
    private static final double SECONDS = 60;
    private static final double BYTES_PER_HOUR = 1e9;

    double ofTcp() {
        return consumed(800, 100_000);
    }

    double ofTls() {
        return consumed(50, 3000);
    }

    private double consumed(double startedPerSecond, double mostActive) {
        return Math.max(bytes * 60 / BYTES_PER_HOUR, Math.max(started / SECONDS / startedPerSecond, active / mostActive));
    }
}
