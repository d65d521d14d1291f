package dev.viridian.services.ecs;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.Service;

/// A service as it was asked for; counts, events and workloads are added when it is shown.
///
/// @param created the request that made it, by which a repetition with the same token is recognised
/// @param goneAt since when it is INACTIVE; null before
record ServiceRow(Service service, CreateServiceRequest created, @Nullable Instant goneAt) {
    static final String ACTIVE = "ACTIVE";
    static final String DRAINING = "DRAINING";
    static final String INACTIVE = "INACTIVE";

    boolean isActive() {
        return ACTIVE.equals(service.status());
    }

    boolean isDraining() {
        return DRAINING.equals(service.status());
    }

    boolean isInactive() {
        return INACTIVE.equals(service.status());
    }

    DeploymentControllerType controller() {
        return service.deploymentController() == null ? DeploymentControllerType.ECS : service.deploymentController().type();
    }

    /// Whether ECS replaces tasks by itself when the service changes.
    boolean rollsByItself() {
        return controller() == DeploymentControllerType.ECS;
    }

    ServiceRow with(Consumer<Service.Builder> change) {
        Service.Builder next = service.toBuilder();
        change.accept(next);
        return new ServiceRow(next.build(), created, goneAt);
    }

    ServiceRow gone(Instant since) {
        return new ServiceRow(service.toBuilder().status(INACTIVE).build(), created, since);
    }
}
