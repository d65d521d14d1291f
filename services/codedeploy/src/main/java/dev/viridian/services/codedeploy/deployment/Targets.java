package dev.viridian.services.codedeploy.deployment;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTarget;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTargetType;
import software.amazon.awssdk.services.codedeploy.model.ECSService;
import software.amazon.awssdk.services.codedeploy.model.ECSTaskSet;
import software.amazon.awssdk.services.codedeploy.model.TargetStatus;
import software.amazon.awssdk.services.ecs.EcsClient;

/// The one target of an ECS deployment: the service.
public final class Targets {
    private final TaskSets taskSets;

    public Targets(EcsClient ecs) {
        this.taskSets = new TaskSets(ecs);
    }

    /// As in `cluster:service`, in names even where the group has ARNs.
    public static String id(Deployment deployment) {
        ECSService service = deployment.order().service();
        return shortName(service.clusterName()) + ":" + shortName(service.serviceName());
    }

    public DeploymentTarget target(Deployment deployment) {
        ECSService service = deployment.order().service();
        Arn arn = new Arn(
                "aws", "ecs", deployment.region(), deployment.account(),
                "service/" + shortName(service.clusterName()) + "/" + shortName(service.serviceName()));
        return DeploymentTarget.builder()
                .deploymentTargetType(DeploymentTargetType.ECS_TARGET)
                .ecsTarget(target -> target.deploymentId(deployment.id())
                        .targetId(id(deployment))
                        .targetArn(arn.toString())
                        .lastUpdatedAt(deployment.progress().updated())
                        .lifecycleEvents(deployment.progress().events().events())
                        .status(status(deployment.phase()))
                        .taskSetsInfo(taskSetsOf(deployment)))
                .build();
    }

    public static TargetStatus status(Phase phase) {
        return switch (phase) {
            case CREATED -> TargetStatus.PENDING;
            case READY -> TargetStatus.READY;
            case SUCCEEDED -> TargetStatus.SUCCEEDED;
            case FAILED, STOPPED -> TargetStatus.FAILED;
            default -> TargetStatus.IN_PROGRESS;
        };
    }

    /// While the deployment runs, what ECS says at this moment; afterwards, what the deployment saw last. The traffic weights are always those the
    /// deployment has set.
    private List<ECSTaskSet> taskSetsOf(Deployment deployment) {
        if (deployment.phase().isFinal() || deployment.colors().isEmpty()) {
            return deployment.progress().taskSets();
        }
        try {
            Fleet fleet = Caller.get(deployment.caller(), () -> taskSets.fleet(deployment));
            return TaskSetViews.of(fleet, deployment.colors().get(), deployment.progress().split());
        } catch (SdkException e) {
            // ECS cannot be asked right now: what was seen last is the best answer there is
            return deployment.progress().taskSets();
        }
    }

    private static String shortName(String nameOrArn) {
        return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
    }
}
