package dev.viridian.services.codepipeline;

import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.services.codedeploy.model.BundleType;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocationType;

/// Deploy action CodeDeploy: deploys the input artifact's zip as it is, as a revision in S3.
///
/// With an ECS application CodeDeploy takes `appspec.yaml` (or `.yml`, `.json`) from the root of the zip; walkthrough 004 shows this working.
final class CodeDeployAction implements Provider {
    private final Deployments deployments;

    CodeDeployAction(Deployments deployments) {
        this.deployments = deployments;
    }

    @Override
    public Terms terms() {
        return new Terms("Deploy", "CodeDeploy", Set.of("ApplicationName", "DeploymentGroupName"), Set.of(), 1, 1, 0, 0, Duration.ofDays(5));
    }

    @Override
    public Outcome begin(ActionContext action) {
        ArtifactLocation bundle = action.run().inputs().getFirst().location();
        return deployments.create(action, RevisionLocation.builder()
                .revisionType(RevisionLocationType.S3)
                .s3Location(l -> l.bucket(bundle.bucket()).key(bundle.key()).bundleType(BundleType.ZIP))
                .build());
    }

    @Override
    public Outcome follow(ActionContext action) {
        return deployments.follow(action);
    }
}
