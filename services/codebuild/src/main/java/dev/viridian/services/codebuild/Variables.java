package dev.viridian.services.codebuild;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.sts.model.Credentials;

/// The environment of a build's commands. A variable of the build or its project outranks the buildspec's, which outranks ours; names that begin
/// with `CODEBUILD_` are CodeBuild's alone.
///
/// Source: user guide, "Environment variables in build environments", and the precedence in "Build specification reference", `env/variables`.
final class Variables {
    private final Map<String, String> values = new LinkedHashMap<>();

    private Variables() {}

    static Map<String, String> of(BuildRun run, Plan plan, Sources.Fetched source, Credentials credentials, HiddenValues hidden,
                                  BuildEnvironment surroundings) throws SourceException {
        Variables variables = new Variables();
        variables.reachAws(run, credentials, surroundings);
        variables.values.putAll(plan.variables());
        variables.hiddenOf(plan, hidden);
        for (EnvironmentVariable variable : run.build().environment().environmentVariables()) {
            variables.values.put(variable.name(), value(variable, hidden));
        }
        variables.values.keySet().removeIf(name -> name.startsWith("CODEBUILD_") || !name.matches("[A-Za-z_][A-Za-z0-9_]*"));
        variables.aboutTheBuild(run, source);
        return variables.values;
    }

    private void reachAws(BuildRun run, Credentials credentials, BuildEnvironment surroundings) {
        values.put("HOME", "/root");
        values.put("AWS_DEFAULT_REGION", run.region());
        values.put("AWS_REGION", run.region());
        values.put("AWS_ENDPOINT_URL", surroundings.endpoint().toString());
        values.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
        values.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
        values.put("AWS_SESSION_TOKEN", credentials.sessionToken());
        // a server that is restarted in the middle of a build is away for a while: callers shall try again rather than fail
        values.put("AWS_RETRY_MODE", "standard");
        values.put("AWS_MAX_ATTEMPTS", "12");
    }

    private void hiddenOf(Plan plan, HiddenValues hidden) throws SourceException {
        for (Map.Entry<String, String> parameter : plan.parameters().entrySet()) {
            values.put(parameter.getKey(), resolved(EnvironmentVariableType.PARAMETER_STORE, parameter.getValue(), hidden));
        }
        for (Map.Entry<String, String> secret : plan.secrets().entrySet()) {
            values.put(secret.getKey(), resolved(EnvironmentVariableType.SECRETS_MANAGER, secret.getValue(), hidden));
        }
    }

    private static String value(EnvironmentVariable variable, HiddenValues hidden) throws SourceException {
        EnvironmentVariableType type = Optional.ofNullable(variable.type()).orElse(EnvironmentVariableType.PLAINTEXT);
        return resolved(type, variable.value(), hidden);
    }

    private static String resolved(EnvironmentVariableType type, String value, HiddenValues hidden) throws SourceException {
        try {
            return switch (type) {
                case PARAMETER_STORE -> hidden.parameter(value);
                case SECRETS_MANAGER -> hidden.secret(value);
                default -> value;
            };
        } catch (HiddenValues.Missing e) {
            throw new SourceException("Decrypted Variables Error", e.getMessage());
        }
    }

    private void aboutTheBuild(BuildRun run, Sources.Fetched source) {
        Build build = run.build();
        values.put("CODEBUILD_BUILD_ARN", build.arn());
        values.put("CODEBUILD_BUILD_ID", build.id());
        values.put("CODEBUILD_BUILD_IMAGE", build.environment().image());
        values.put("CODEBUILD_BUILD_NUMBER", String.valueOf(build.buildNumber()));
        values.put("CODEBUILD_BUILD_SUCCEEDING", "1");
        values.put("CODEBUILD_CI", "true");
        values.put("CODEBUILD_INITIATOR", build.initiator());
        values.put("CODEBUILD_KMS_KEY_ID", build.encryptionKey());
        values.put("CODEBUILD_LOG_PATH", build.logs().streamName());
        values.put("CODEBUILD_START_TIME", String.valueOf(build.startTime().toEpochMilli()));
        // a pipeline's artifact has no repository
        String location = Optional.ofNullable(build.source().location()).orElse("");
        values.put("CODEBUILD_SOURCE_REPO_URL", location.contains("://") ? location : "");
        values.put("CODEBUILD_SOURCE_VERSION", Optional.ofNullable(build.sourceVersion()).orElse(""));
        String resolved = Optional.ofNullable(build.resolvedSourceVersion()).orElse(source.version());
        if (!resolved.isEmpty()) {
            values.put("CODEBUILD_RESOLVED_SOURCE_VERSION", resolved);
        }
        source.directories().forEach((identifier, directory) -> values.put(
                identifier.isEmpty() ? "CODEBUILD_SRC_DIR" : "CODEBUILD_SRC_DIR_" + identifier, directory));
    }
}
