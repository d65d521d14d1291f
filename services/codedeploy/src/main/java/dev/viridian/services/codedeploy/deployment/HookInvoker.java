package dev.viridian.services.codedeploy.deployment;

/// Calls the functions that validate a deployment. One of the few interfaces of our own between services: the assembly connects it to Lambda.
@FunctionalInterface
public interface HookInvoker {

    /// Hands `payload` to the function and returns without waiting for it; the result arrives by PutLifecycleEventHookExecutionStatus.
    /// Called with the service role's session bound, and possibly twice with the same payload after a crash.
    ///
    /// @param function name or ARN, as the AppSpec has it
    /// @param payload `{"DeploymentId":"d-..","LifecycleEventHookExecutionId":"..."}`
    /// @throws HookRefused when there is no such function or the role may not call it
    void invoke(String function, String payload);

    /// Where there is no Lambda, no role can call a function.
    static HookInvoker none() {
        return (function, _) -> {
            throw new HookRefused("There is no function " + function);
        };
    }
}
