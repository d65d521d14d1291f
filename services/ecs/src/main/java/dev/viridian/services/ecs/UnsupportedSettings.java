package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Settings a task relies on and would not get here: such a task fails to start and says why, instead of running without.
@Decision
final class UnsupportedSettings {
    private static final List<String> LOG_DRIVERS = List.of("awslogs", "json-file");

    private UnsupportedSettings() {}

    static void check(TaskDefinition definition) {
        definition.volumes().forEach(volume -> {
            if (volume.efsVolumeConfiguration() != null || volume.fsxWindowsFileServerVolumeConfiguration() != null) {
                throw StartFailure.ofTask("ResourceInitializationError: unable to mount volume " + volume.name() + ": this server has no network file systems");
            }
            if (volume.dockerVolumeConfiguration() != null || Boolean.TRUE.equals(volume.configuredAtLaunch())) {
                throw StartFailure.ofTask("ResourceInitializationError: unable to create volume " + volume.name() + ": this server has only host volumes");
            }
        });
        if (definition.proxyConfiguration() != null) {
            throw StartFailure.ofTask("ResourceInitializationError: this server has no App Mesh, which proxyConfiguration asks for");
        }
        definition.containerDefinitions().forEach(UnsupportedSettings::check);
    }

    private static void check(ContainerDefinition container) {
        if (!container.secrets().isEmpty()) {
            throw StartFailure.ofTask("ResourceInitializationError: unable to pull secrets or registry auth: this server has neither Secrets Manager nor "
                    + "SSM parameters, which container " + container.name() + " needs for " + container.secrets().getFirst().name());
        }
        if (container.repositoryCredentials() != null) {
            throw StartFailure.ofTask("ResourceInitializationError: unable to pull secrets or registry auth: this server has no Secrets Manager for the "
                    + "registry login of container " + container.name());
        }
        if (container.logConfiguration() != null && !LOG_DRIVERS.contains(container.logConfiguration().logDriverAsString())) {
            throw refused(container, "the log driver " + container.logConfiguration().logDriverAsString());
        }
        if (!container.links().isEmpty()) {
            throw refused(container, "links");
        }
        if (!container.volumesFrom().isEmpty()) {
            throw refused(container, "volumesFrom");
        }
        if (!container.resourceRequirements().isEmpty()) {
            throw refused(container, "resourceRequirements");
        }
        if (container.firelensConfiguration() != null) {
            throw refused(container, "firelensConfiguration");
        }
        if (container.restartPolicy() != null && Boolean.TRUE.equals(container.restartPolicy().enabled())) {
            throw refused(container, "restartPolicy");
        }
    }

    private static StartFailure refused(ContainerDefinition container, String what) {
        return new StartFailure(container.name(), "CannotCreateContainerError: this server does not offer " + what + ", which container " + container.name() + " asks for");
    }
}
