package dev.viridian.services.elbv2;

import java.time.Instant;
import java.util.Optional;

/// A target of a group, from registration until it is drained.
///
/// @param id as registered: an IP address or an instance id
/// @param address where it is reached
/// @param zone as given at registration; empty when it was not
/// @param drainedBy present once deregistered: the moment its deregistration delay is over
record RegisteredTarget(String groupArn, String id, String address, int port, String zone, Instant registered, Optional<Instant> drainedBy) {

    boolean draining() {
        return drainedBy.isPresent();
    }

    RegisteredTarget drainUntil(Instant moment) {
        return new RegisteredTarget(groupArn, id, address, port, zone, registered, Optional.of(moment));
    }
}
