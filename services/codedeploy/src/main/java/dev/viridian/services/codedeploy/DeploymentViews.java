package dev.viridian.services.codedeploy;

import dev.viridian.services.codedeploy.deployment.Deployment;
import dev.viridian.services.codedeploy.deployment.Ending;
import dev.viridian.services.codedeploy.deployment.Order;
import dev.viridian.services.codedeploy.deployment.Phase;
import dev.viridian.services.codedeploy.deployment.Progress;
import dev.viridian.services.codedeploy.deployment.Rollbacks;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentOverview;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;

/// Deployments as GetDeployment shows them.
final class DeploymentViews {
    private DeploymentViews() {}

    static DeploymentInfo info(Deployment deployment) {
        Order order = deployment.order();
        Progress progress = deployment.progress();
        return DeploymentInfo.builder()
                .applicationName(order.group().applicationName())
                .deploymentGroupName(order.group().deploymentGroupName())
                .deploymentConfigName(order.config())
                .deploymentId(deployment.id())
                .previousRevision(order.previousRevision().orElse(null))
                .revision(order.revision().orElse(null))
                .status(deployment.phase().status())
                .errorInformation(progress.ending().filter(_ -> deployment.phase().isFinal()).map(DeploymentViews::error).orElse(null))
                .createTime(order.created())
                .startTime(progress.started().orElse(null))
                .completeTime(progress.completed().orElse(null))
                .deploymentOverview(overview(deployment).orElse(null))
                .description(order.description().orElse(null))
                .creator(order.creator())
                .ignoreApplicationStopFailures(false)
                .autoRollbackConfiguration(order.rollback().orElse(null))
                .updateOutdatedInstancesOnly(false)
                .rollbackInfo(Rollbacks.info(deployment).orElse(null))
                .deploymentStyle(order.group().deploymentStyle())
                .instanceTerminationWaitTimeStarted(progress.terminationWaitStarted())
                .blueGreenDeploymentConfiguration(order.group().blueGreenDeploymentConfiguration())
                .loadBalancerInfo(order.group().loadBalancerInfo())
                .fileExistsBehavior(FileExistsBehavior.DISALLOW)
                .deploymentStatusMessages()
                .computePlatform(ComputePlatform.ECS)
                .overrideAlarmConfiguration(order.overrideAlarms().orElse(null))
                .build();
    }

    private static ErrorInformation error(Ending ending) {
        return ErrorInformation.builder().code(ending.fault().code()).message(ending.fault().message()).build();
    }

    /// Counts targets, of which there is one, and only when all is over, as observed on AWS.
    private static Optional<DeploymentOverview> overview(Deployment deployment) {
        if (!deployment.phase().isFinal()) {
            return Optional.empty();
        }
        boolean succeeded = deployment.phase() == Phase.SUCCEEDED;
        boolean begun = deployment.progress().started().isPresent();
        return Optional.of(DeploymentOverview.builder()
                .pending(0L)
                .inProgress(0L)
                .succeeded(succeeded ? 1L : 0L)
                .failed(!succeeded && begun ? 1L : 0L)
                .skipped(begun ? 0L : 1L)
                .ready(0L)
                .build());
    }
}
