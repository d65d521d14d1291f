package dev.viridian.services.elbv2;

import dev.viridian.engine.Decision;

/// How much of a load balancer's capacity a minute of traffic took, in the units AWS bills by: of four dimensions the one that was used most.
///
/// Source: the published prices of Elastic Load Balancing ("LCU details"), whose examples count in decimal gigabytes.
///
/// @param newConnections    in the minute
/// @param activeConnections at its end
/// @param bytes             processed in the minute
/// @param evaluations       of rules in the minute, without the first ten of each request, which are free
@Decision
record CapacityUnits(long newConnections, long activeConnections, long bytes, long evaluations) {
    private static final double SECONDS = 60;
    private static final double NEW_CONNECTIONS_PER_SECOND = 25;
    private static final double ACTIVE_CONNECTIONS = 3000;
    private static final double BYTES_PER_HOUR = 1e9;
    private static final double EVALUATIONS_PER_SECOND = 1000;

    double consumed() {
        double connecting = newConnections / SECONDS / NEW_CONNECTIONS_PER_SECOND;
        double connected = activeConnections / ACTIVE_CONNECTIONS;
        double moving = bytes * 60 / BYTES_PER_HOUR;
        double deciding = evaluations / SECONDS / EVALUATIONS_PER_SECOND;
        return Math.max(Math.max(connecting, connected), Math.max(moving, deciding));
    }
}
