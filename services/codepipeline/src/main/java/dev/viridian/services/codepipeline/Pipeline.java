package dev.viridian.services.codepipeline;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;

/// A pipeline as it stands.
///
/// @param closed stages whose inbound transition is disabled, with who did it and why
/// @param started how many executions were ever started; the last one's number
record Pipeline(String account, String region, PipelineDeclaration declaration, Instant created, Instant updated, Map<String, Closed> closed, long started,
        Map<String, String> tags) {

    record Closed(String reason, String by, Instant at) {}

    Pipeline updatedTo(PipelineDeclaration next, Instant now) {
        return new Pipeline(account, region, next, created, now, closed, started, tags);
    }

    Pipeline closing(Map<String, Closed> transitions) {
        return new Pipeline(account, region, declaration, created, updated, transitions, started, tags);
    }

    Pipeline startedOneMore() {
        return new Pipeline(account, region, declaration, created, updated, closed, started + 1, tags);
    }

    Pipeline tagged(Map<String, String> next) {
        return new Pipeline(account, region, declaration, created, updated, closed, started, next);
    }

    String arn() {
        return "arn:aws:codepipeline:" + region + ":" + account + ":" + declaration.name();
    }
}
