package dev.viridian.proxy.routing;

import java.time.Duration;

/// What a group whose connections are passed through unread does with them, beyond choosing a target for each. Groups that get requests keep to
/// [#DEFAULT].
///
/// @param announced      whether each connection to a target begins with a PROXY protocol header (version 2) that tells who the client is. The
///                       connections of health checks then begin with one that tells of nobody
/// @param cutWhenDrained whether what a removed target still holds is cut when its deregistration delay is over; otherwise it goes on until it ends
public record Flows(boolean announced, boolean cutWhenDrained, WhenUnhealthy whenUnhealthy) {
    public static final Flows DEFAULT = new Flows(false, true, new WhenUnhealthy.Keep());

    /// What becomes of the connections a target holds when it turns unhealthy. It gets no new ones in any case, as long as others are well.
    public sealed interface WhenUnhealthy {
        record Keep() implements WhenUnhealthy {}

        /// Reset at once.
        record Cut() implements WhenUnhealthy {}

        /// Reset after a while, in which the target may recover.
        ///
        /// @param grace configured (paced)
        record Drain(Duration grace) implements WhenUnhealthy {
            public Drain {
                if (grace.isZero() || grace.isNegative()) {
                    throw new IllegalArgumentException("a grace must be longer than zero, got " + grace);
                }
            }
        }
    }
}
