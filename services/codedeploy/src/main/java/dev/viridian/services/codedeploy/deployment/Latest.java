package dev.viridian.services.codedeploy.deployment;

import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.LastDeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;

/// What a deployment group remembers of its deployments.
///
/// @param target the revision that was last attempted
/// @param serving the revision of the last success: what a rollback goes back to
public record Latest(
        Optional<LastDeploymentInfo> attempted,
        Optional<LastDeploymentInfo> successful,
        Optional<RevisionLocation> target,
        Optional<RevisionLocation> serving) {

    public static final Latest NONE = new Latest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    Latest after(Deployment deployment) {
        LastDeploymentInfo info = LastDeploymentInfo.builder()
                .deploymentId(deployment.id())
                .status(deployment.phase().status())
                .createTime(deployment.order().created())
                .endTime(deployment.progress().completed().orElse(null))
                .build();
        Optional<RevisionLocation> revision = deployment.order().revision();
        return deployment.phase() == Phase.SUCCEEDED
                ? new Latest(Optional.of(info), Optional.of(info), revision.or(() -> target), revision.or(() -> serving))
                : new Latest(Optional.of(info), successful, revision.or(() -> target), serving);
    }
}
