package dev.viridian.services.codedeploy.deployment;

import java.time.Instant;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;

/// One line of the index from which ListDeployments answers, so that it need not read whole deployments. Its key orders newest first.
///
/// @param position the text that orders the listing
public record Listing(String position, String id, String groupId, DeploymentStatus status, Instant created) {}
