package dev.viridian.services.ecs;

import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;

/// ECS's errors in ECS's words. Task definitions complain with `ClientException`, everything else with `InvalidParameterException`.
final class Refusals {
    private Refusals() {}

    static InvalidParameterException invalid(String message) {
        return InvalidParameterException.builder().message(message).build();
    }

    static ClientException client(String message) {
        return ClientException.builder().message(message).build();
    }

    static ClusterNotFoundException clusterNotFound() {
        return ClusterNotFoundException.builder().message("Cluster not found.").build();
    }

    static ServiceNotFoundException serviceNotFound() {
        return ServiceNotFoundException.builder().message("Service not found.").build();
    }

    static ServiceNotActiveException serviceNotActive() {
        return ServiceNotActiveException.builder().message("Service was not ACTIVE.").build();
    }

    static TaskSetNotFoundException taskSetNotFound() {
        return TaskSetNotFoundException.builder().message("The specified task set does not exist.").build();
    }
}
