package dev.viridian.services.codedeploy;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import dev.viridian.services.codedeploy.deployment.Deployment;
import dev.viridian.services.codedeploy.deployment.Deployments;
import dev.viridian.services.codedeploy.deployment.HookResult;
import software.amazon.awssdk.services.codedeploy.model.InvalidLifecycleEventHookExecutionIdException;
import software.amazon.awssdk.services.codedeploy.model.InvalidLifecycleEventHookExecutionStatusException;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventAlreadyCompletedException;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventStatus;
import software.amazon.awssdk.services.codedeploy.model.PutLifecycleEventHookExecutionStatusRequest;

/// What validation functions report about the hooks they were called for.
final class HookReports {
    private final Deployments deployments;

    HookReports(Deployments deployments) {
        this.deployments = deployments;
    }

    /// @return the execution id, as AWS echoes it
    String report(PutLifecycleEventHookExecutionStatusRequest request) {
        Deployment deployment = DeploymentQueries.find(deployments, request.deploymentId());
        HookResult result = result(request);
        String event = event(deployment, request.lifecycleEventHookExecutionId());
        deployments.signal(deployment, signals -> {
            if (signals.hookResults().containsKey(event)) {
                throw alreadyCompleted(event);
            }
            return signals.withHookResult(event, result);
        });
        return request.lifecycleEventHookExecutionId();
    }

    private static HookResult result(PutLifecycleEventHookExecutionStatusRequest request) {
        if (request.status() == LifecycleEventStatus.SUCCEEDED) {
            return HookResult.SUCCEEDED;
        }
        if (request.status() == LifecycleEventStatus.FAILED) {
            return HookResult.FAILED;
        }
        throw InvalidLifecycleEventHookExecutionStatusException.builder()
                .message("The status of a lifecycle event hook must be Succeeded or Failed, not " + request.statusAsString())
                .build();
    }

    /// The event that was given this execution id. One that has not begun has given out no id yet.
    private static String event(Deployment deployment, String executionId) {
        String event = AppSpec.HOOKS.stream()
                .filter(name -> deployment.progress().spec().flatMap(spec -> spec.hook(name)).isPresent())
                .filter(name -> deployment.hookExecutionId(name).equals(executionId))
                .findFirst()
                .orElseThrow(() -> invalid(executionId));
        return switch (deployment.progress().events().status(event)) {
            case IN_PROGRESS -> event;
            case PENDING -> throw invalid(executionId);
            default -> throw alreadyCompleted(event);
        };
    }

    private static InvalidLifecycleEventHookExecutionIdException invalid(String executionId) {
        return InvalidLifecycleEventHookExecutionIdException.builder()
                .message("The lifecycle event hook execution ID is not valid: " + executionId)
                .build();
    }

    private static LifecycleEventAlreadyCompletedException alreadyCompleted(String event) {
        return LifecycleEventAlreadyCompletedException.builder().message("The lifecycle event " + event + " has already completed").build();
    }
}
