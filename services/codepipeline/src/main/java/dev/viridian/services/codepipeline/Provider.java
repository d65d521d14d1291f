package dev.viridian.services.codepipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an action type asks for and does. One instance serves all actions of its type; state lives in the [ActionRun].
interface Provider {

    /// What the structure check holds an action's declaration to.
    ///
    /// @param category `Source`, `Build`, ...
    /// @param name the provider's name in an action type id
    /// @param limit how long an action may take
    record Terms(String category, String name, Set<String> required, Set<String> optional, int minInputs, int maxInputs, int minOutputs, int maxOutputs,
            Duration limit) {}

    Terms terms();

    /// Starts the action, or finds what an earlier, interrupted call started: the run's id is the identity of what is started.
    Outcome begin(ActionContext action);

    /// How far it has come.
    Outcome follow(ActionContext action);

    /// What a look at an action found.
    sealed interface Outcome {
        /// @param lookAgain configured time until the next look is worth it
        record Going(@Nullable String externalId, @Nullable String url, @Nullable String summary, Duration lookAgain) implements Outcome {}

        record Done(@Nullable String externalId, @Nullable String url, @Nullable String summary, Map<String, String> variables, List<Revision> revisions)
                implements Outcome {}

        record Failed(String code, String message) implements Outcome {
            static Failed configuration(String message) {
                return new Failed("ConfigurationError", message);
            }

            static Failed job(String message) {
                return new Failed("JobFailed", message);
            }
        }
    }
}
