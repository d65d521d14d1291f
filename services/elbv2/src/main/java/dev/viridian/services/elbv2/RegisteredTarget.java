package dev.viridian.services.elbv2;

import java.time.Instant;
import java.util.Optional;

/// A target of a group, from registration until it is drained.
///
/// @param id as registered: an IP address, an instance id or the ARN of a load balancer or function
/// @param address where it is reached; empty for a load balancer, which is wherever its listeners are, and for a function
/// @param port [#NO_PORT] for a function
/// @param zone as given at registration; empty when it was not
/// @param drainedBy present once deregistered: the moment its deregistration delay is over
record RegisteredTarget(String groupArn, String id, String address, int port, String zone, Instant registered, Optional<Instant> drainedBy) {

    static final int NO_PORT = 0;

    boolean draining() {
        return drainedBy.isPresent();
    }

    /// Whether this is another load balancer, whose listener on `port` may really be on a substitute.
    boolean ofBalancer() {
        return address.isEmpty() && port != NO_PORT;
    }

    boolean ofFunction() {
        return port == NO_PORT;
    }

    RegisteredTarget drainUntil(Instant moment) {
        return new RegisteredTarget(groupArn, id, address, port, zone, registered, Optional.of(moment));
    }
}
