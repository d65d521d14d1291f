package dev.viridian.services.codedeploy.deployment;

import java.time.Instant;

/// A fact for EventBridge: `CodeDeploy Deployment State-change Notification`. Rows of the table `codedeploy.events`.
///
/// @param state START, READY, SUCCESS, FAILURE or STOP
public record StateChange(
        String account,
        String region,
        String deploymentId,
        String application,
        String deploymentGroup,
        String deploymentGroupId,
        State state,
        Instant time) {

    public enum State { START, READY, SUCCESS, FAILURE, STOP }
}
