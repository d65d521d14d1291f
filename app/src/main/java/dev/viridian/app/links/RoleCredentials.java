package dev.viridian.app.links;

import dev.viridian.services.ecs.TaskCredentials;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/// Credentials of a task's role, as the environment variables every AWS SDK reads; a session of the real STS here.
public final class RoleCredentials implements TaskCredentials {
    private final StsClient sts;

    public RoleCredentials(StsClient sts) {
        this.sts = sts;
    }

    @Override
    public Map<String, String> environment(String roleArn, String session) {
        Credentials credentials = sts.assumeRole(b -> b.roleArn(roleArn).roleSessionName(session)).credentials();
        Map<String, String> result = new LinkedHashMap<>();
        result.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
        result.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
        result.put("AWS_SESSION_TOKEN", credentials.sessionToken());
        return result;
    }
}
