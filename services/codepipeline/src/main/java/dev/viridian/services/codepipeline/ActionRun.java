package dev.viridian.services.codepipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;

/// One run of one action.
///
/// @param id the action execution id
/// @param declaration the action as the pipeline declared it when the execution started
/// @param resolved its configuration with variables filled in; null until it is about to begin
/// @param begun whether the provider was asked and answered; before that, beginning may have happened and is looked for
/// @param token what an approval must present; only manual approvals have one
/// @param deadline when the action has waited long enough
record ActionRun(
        String id,
        String stage,
        ActionDeclaration declaration,
        State state,
        @Nullable Map<String, String> resolved,
        boolean begun,
        @Nullable String token,
        @Nullable String externalId,
        @Nullable String externalUrl,
        @Nullable String summary,
        @Nullable Failure failure,
        @Nullable String updatedBy,
        List<NamedArtifact> inputs,
        List<NamedArtifact> outputs,
        Map<String, String> variables,
        Instant started,
        Instant updated,
        Instant deadline) {

    enum State {
        IN_PROGRESS("InProgress"),
        SUCCEEDED("Succeeded"),
        FAILED("Failed"),
        ABANDONED("Abandoned");

        private final String wire;

        State(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    /// @param code `JobFailed`, `ConfigurationError`, `PermissionError`, ...
    record Failure(String code, String message) {}

    record NamedArtifact(String name, ArtifactLocation location) {}

    String name() {
        return declaration.name();
    }

    int runOrder() {
        return declaration.runOrder() == null ? 1 : declaration.runOrder();
    }

    boolean inProgress() {
        return state == State.IN_PROGRESS;
    }

    /// Whether its inputs, outputs and configuration are fixed.
    boolean isPrepared() {
        return resolved != null;
    }

    /// The configuration with variables filled in.
    Map<String, String> configuration() {
        return Objects.requireNonNull(resolved, "the action was not prepared");
    }

    boolean isApproval() {
        return declaration.actionTypeId().provider().equals("Manual");
    }

    ActionRun resolvedTo(Map<String, String> configuration, List<NamedArtifact> in, List<NamedArtifact> out, Instant now) {
        return new ActionRun(id, stage, declaration, state, configuration, begun, token, externalId, externalUrl, summary, failure, updatedBy, in, out,
                variables, started, now, deadline);
    }

    ActionRun begunAs(@Nullable String external, @Nullable String url, @Nullable String says, Instant now) {
        return new ActionRun(id, stage, declaration, state, resolved, true, token, external, url, says, failure, updatedBy, inputs, outputs, variables,
                started, now, deadline);
    }

    ActionRun succeeded(@Nullable String says, Map<String, String> produced, Instant now) {
        return ended(State.SUCCEEDED, says, null, produced, updatedBy, now);
    }

    ActionRun failed(String code, String message, Instant now) {
        return ended(State.FAILED, summary, new Failure(code, message), variables, updatedBy, now);
    }

    ActionRun abandoned(Instant now) {
        return ended(State.ABANDONED, summary, null, variables, updatedBy, now);
    }

    ActionRun reviewed(boolean approved, String says, String reviewer, Instant now) {
        return ended(approved ? State.SUCCEEDED : State.FAILED, says, approved ? null : new Failure("JobFailed", says), variables, reviewer, now);
    }

    private ActionRun ended(State how, @Nullable String says, @Nullable Failure why, Map<String, String> produced, @Nullable String by, Instant now) {
        return new ActionRun(id, stage, declaration, how, resolved, begun, token, externalId, externalUrl, says, why, by, inputs, outputs, produced,
                started, now, deadline);
    }
}
