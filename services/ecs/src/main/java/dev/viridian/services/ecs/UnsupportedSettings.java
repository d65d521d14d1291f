package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.OSFamily;
import software.amazon.awssdk.services.ecs.model.RuntimePlatform;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Settings a task relies on and would not get here: such a task fails to start and says why, instead of running without.
@Decision
final class UnsupportedSettings {
    private static final List<String> LOG_DRIVERS = List.of("awslogs", "json-file");

    private static final List<String> LOG_OPTIONS = List.of("awslogs-datetime-format", "awslogs-multiline-pattern");

    private UnsupportedSettings() {}

    static void check(TaskDefinition definition) {
        definition.volumes().forEach(volume -> {
            if (volume.efsVolumeConfiguration() != null || volume.fsxWindowsFileServerVolumeConfiguration() != null) {
                throw StartFailure.ofTask("ResourceInitializationError: unable to mount volume " + volume.name()
                        + ": this server has no network file systems");
            }
            if (volume.dockerVolumeConfiguration() != null || Boolean.TRUE.equals(volume.configuredAtLaunch())) {
                throw StartFailure.ofTask("ResourceInitializationError: unable to create volume " + volume.name()
                        + ": this server has only host volumes");
            }
        });
        if (definition.proxyConfiguration() != null) {
            throw StartFailure.ofTask("ResourceInitializationError: this server has no App Mesh, which proxyConfiguration asks for");
        }
        if (definition.pidMode() != null || definition.ipcMode() != null) {
            throw StartFailure.ofTask("ResourceInitializationError: this server does not offer pidMode and ipcMode");
        }
        RuntimePlatform platform = definition.runtimePlatform();
        if (platform != null && platform.operatingSystemFamily() != null && platform.operatingSystemFamily() != OSFamily.LINUX) {
            throw StartFailure.ofTask("ResourceInitializationError: this server runs Linux containers only, not "
                    + platform.operatingSystemFamilyAsString());
        }
        definition.containerDefinitions().forEach(UnsupportedSettings::check);
    }

    private static void check(ContainerDefinition container) {
        if (!container.secrets().isEmpty()) {
            throw StartFailure.ofTask("ResourceInitializationError: unable to pull secrets or registry auth: this server has neither "
                    + "Secrets Manager nor SSM parameters, which container " + container.name() + " needs for " + container.secrets().getFirst()
                            .name());
        }
        if (container.repositoryCredentials() != null) {
            throw StartFailure.ofTask("ResourceInitializationError: unable to pull secrets or registry auth: this server has no Secrets "
                    + "Manager for the registry login of container " + container.name());
        }
        if (container.logConfiguration() != null && !LOG_DRIVERS.contains(container.logConfiguration().logDriverAsString())) {
            throw refused(container, "the log driver " + container.logConfiguration().logDriverAsString());
        }
        if (container.logConfiguration() != null) {
            LOG_OPTIONS.stream().filter(container.logConfiguration().options()::containsKey).findFirst().ifPresent(option -> {
                throw refused(container, "the log option " + option);
            });
        }
        LinuxParameters linux = container.linuxParameters();
        if (linux != null && (!linux.devices().isEmpty() || linux.sharedMemorySize() != null || linux.maxSwap() != null)) {
            throw refused(container, "the linuxParameters devices, sharedMemorySize and maxSwap");
        }
        if (!container.dockerSecurityOptions().isEmpty() || !container.credentialSpecs().isEmpty()) {
            throw refused(container, "dockerSecurityOptions and credentialSpecs");
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
        return new StartFailure(container.name(), "CannotCreateContainerError: this server does not offer " + what + ", which container "
                + container.name() + " asks for");
    }
}
