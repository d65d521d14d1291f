package dev.viridian.services.codedeploy.deployment;

import java.util.List;
import java.util.Optional;

/// The task sets of the service, seen from one deployment.
///
/// @param others neither blue nor green: what failed deployments left behind, or what was kept alive
public record Fleet(Optional<Set> blue, Optional<Set> green, List<Set> others) {

    /// @param id as in `ecs-svc/1234567890123456789`
    /// @param steady whether all its tasks run and are healthy
    public record Set(String id, String arn, Status status, boolean steady, int desired, int pending, int running) {
        public boolean isPrimary() {
            return status == Status.PRIMARY;
        }

        public boolean isDraining() {
            return status == Status.DRAINING;
        }
    }

    public enum Status { PRIMARY, ACTIVE, DRAINING }

    static final Fleet EMPTY = new Fleet(Optional.empty(), Optional.empty(), List.of());

    /// Whether blue can take traffic: it exists and nobody is taking it down.
    boolean blueIsAlive() {
        return blue.filter(set -> !set.isDraining()).isPresent();
    }

    boolean greenIsAlive() {
        return green.filter(set -> !set.isDraining()).isPresent();
    }

    /// What has to go before green can take the second target group.
    List<Set> leftovers() {
        return others.stream().filter(set -> !set.isDraining()).toList();
    }
}
