package dev.viridian.services.codebuild;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;

/// What a buildspec says, checked and in the order in which it happens.
///
/// @param version `0.2`: all commands share one shell's state; `0.1`: each has a fresh shell
/// @param shell `/bin/sh` unless the buildspec chooses `bash`
/// @param variables of the buildspec, which everybody else's override
/// @param parameters variable to parameter name
/// @param secrets variable to secret reference
/// @param exported names whose last values the build gives to whoever asks
/// @param artifacts what to upload; absent when the buildspec says nothing
/// @param secondary by identifier
/// @param remarks what is in the buildspec but not acted upon, for the log
record Plan(String version, String shell, Map<String, String> variables, Map<String, String> parameters, Map<String, String> secrets,
            List<String> exported, List<Phase> phases, Optional<Artifacts> artifacts, Map<String, Artifacts> secondary, List<String> remarks) {

    /// What happens after a failed command; absent leaves it to [BuildLifecycle].
    enum OnFailure { ABORT, CONTINUE }

    /// @param commands run one after the other until one fails
    /// @param last the `finally` block: runs in any case after them
    record Phase(BuildPhaseType type, List<String> commands, List<String> last, Optional<OnFailure> onFailure) {}

    /// @param files patterns relative to the base directory, or absolute
    /// @param discardPaths whether all files land in the root of the archive
    record Artifacts(List<String> files, List<String> excluded, String baseDirectory, boolean discardPaths, Optional<String> name) {}

    Optional<Phase> phase(BuildPhaseType type) {
        return phases.stream().filter(phase -> phase.type() == type).findFirst();
    }
}
