package dev.viridian.services.codepipeline;

import java.time.Duration;
import java.util.Set;

/// Approval action Manual: waits for PutApprovalResult, up to seven days or `timeoutInMinutes`.
final class ManualApproval implements Provider {

    @Override
    public Terms terms() {
        return new Terms("Approval", "Manual", Set.of(), Set.of("NotificationArn", "CustomData", "ExternalEntityLink"), 0, 0, 0, 0, Duration.ofDays(7));
    }

    @Override
    public Outcome begin(ActionContext action) {
        return waiting();
    }

    @Override
    public Outcome follow(ActionContext action) {
        return waiting();
    }

    private static Outcome waiting() {
        return new Outcome.Going(null, null, null, Duration.ofDays(365));
    }
}
