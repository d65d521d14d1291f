package dev.viridian.services.codedeploy.deployment;

import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.RollbackInfo;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingConfig;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingType;

/// Rollback deployments: always all at once, whatever the group's configuration, and never stopped by the alarm that caused them.
///
/// Source: rollbacks observed on AWS.
public final class Rollbacks {
    private Rollbacks() {}

    static Order orderFor(Deployment ended, Instant now) {
        Order order = ended.order();
        return new Order(
                order.group(),
                "CodeDeployDefault.ECSAllAtOnce",
                TrafficRoutingConfig.builder().type(TrafficRoutingType.ALL_AT_ONCE).build(),
                order.previousRevision(),
                order.revision(),
                Optional.empty(),
                DeploymentCreator.CODE_DEPLOY_ROLLBACK,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Order.Rollback(ended.id(), ended.colors(), ended.progress().split(), ended.progress().taskSets())),
                now);
    }

    /// What GetDeployment shows of the connection between the two deployments, on either of them.
    public static Optional<RollbackInfo> info(Deployment deployment) {
        if (deployment.order().rollbackOf().isPresent()) {
            String triggering = deployment.order().rollbackOf().get().deployment();
            return Optional.of(RollbackInfo.builder()
                    .rollbackTriggeringDeploymentId(triggering)
                    .rollbackMessage("Deployment " + deployment.id() + " is triggered to roll back deployment " + triggering + ".")
                    .build());
        }
        return deployment.progress().rollbackId().map(rollback -> RollbackInfo.builder()
                .rollbackDeploymentId(rollback)
                .rollbackMessage("Deployment " + deployment.id() + " terminated. Automatic rollback is triggered with a DeploymentId " + rollback
                        + ".")
                .build());
    }
}
