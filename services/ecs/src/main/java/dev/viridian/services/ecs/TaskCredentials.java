package dev.viridian.services.ecs;

import java.util.Map;

/// Gives the containers of a task what they need to act as the task's role. The assembly connects this with STS.
///
/// Called as `ecs-tasks.amazonaws.com`, when a container is created. Differs from AWS, where containers fetch their credentials from an endpoint and
/// get fresh ones before they expire.
@FunctionalInterface
public interface TaskCredentials {
    /// Tasks act as nobody, whatever role they have.
    TaskCredentials NONE = (_, _) -> Map.of();

    /// @param session the task's id
    /// @return environment variables
    /// @throws software.amazon.awssdk.awscore.exception.AwsServiceException when the role does not exist or does not trust tasks
    Map<String, String> environment(String roleArn, String session);
}
