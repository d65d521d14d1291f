package dev.viridian.app.top;

/// One line of the table. What it is part of is named, too, so that a line can be understood alone.
///
/// @param listener its port; 0 for a load balancer
/// @param group    empty above groups
/// @param target   `address:port`; empty above targets
/// @param share    of the requests, in percent, as configured; for groups only
/// @param state    of a target; for a group how many of its targets are healthy; for a listener that it is not where it should be
/// @param reason   why, in a sentence; may be empty
public record Row(Kind kind, String loadBalancer, int listener, String group, String target, double share, Figures figures, String state,
        String reason) {

    public enum Kind { BALANCER, LISTENER, GROUP, TARGET }
}
