package dev.viridian.services.codebuild;

import dev.viridian.aws.Caller;
import dev.viridian.services.codebuild.BuildLifecycle.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.ExportedEnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.PhaseContext;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/// One build: what AWS tells about it, and what we need to go on with it after a crash.
///
/// @param mark begins the driver's lines; nobody outside the build can guess it
/// @param sourceDirectory in the container
/// @param artifacts what is to be uploaded, in the project's words
/// @param otherArtifacts the secondary ones
/// @param plan once the buildspec has been read
/// @param readUpTo the last line of the container's output that was dealt with
/// @param failure the first failed command of the current phase, in AWS's words
/// @param stopRequested by StopBuild
record BuildRun(Build build, String account, String region, String mark, String sourceDirectory, ProjectArtifacts artifacts,
                List<ProjectArtifacts> otherArtifacts, Optional<Plan> plan, Optional<String> containerId, Instant readUpTo,
                Optional<String> failure, boolean stopRequested) {

    BuildPhaseType phase() {
        return BuildPhaseType.fromValue(build.currentPhase());
    }

    String project() {
        return build.projectName();
    }

    /// The last part of the id.
    String uuid() {
        return build.id().substring(build.id().lastIndexOf(':') + 1);
    }

    /// CodeBuild acting as the project's service role.
    Caller role() {
        return service().as(build.serviceRole(), "AWSCodeBuild-" + uuid());
    }

    Caller service() {
        return Caller.service("codebuild.amazonaws.com", account, region);
    }

    BuildRun with(Build changed) {
        return new BuildRun(changed, account, region, mark, sourceDirectory, artifacts, otherArtifacts, plan, containerId, readUpTo, failure,
                stopRequested);
    }

    BuildRun planned(Plan made, String resolvedVersion) {
        Build known = resolvedVersion.isEmpty() ? build : build.toBuilder().resolvedSourceVersion(resolvedVersion).build();
        return new BuildRun(known, account, region, mark, sourceDirectory, artifacts, otherArtifacts, Optional.of(made), containerId, readUpTo,
                failure, stopRequested);
    }

    BuildRun in(String container) {
        return new BuildRun(build, account, region, mark, sourceDirectory, artifacts, otherArtifacts, plan, Optional.of(container), readUpTo,
                failure, stopRequested);
    }

    BuildRun readTo(Instant line) {
        return new BuildRun(build, account, region, mark, sourceDirectory, artifacts, otherArtifacts, plan, containerId, line, failure,
                stopRequested);
    }

    BuildRun failing(Optional<String> reason) {
        return new BuildRun(build, account, region, mark, sourceDirectory, artifacts, otherArtifacts, plan, containerId, readUpTo, reason,
                stopRequested);
    }

    BuildRun stopped() {
        return new BuildRun(build, account, region, mark, sourceDirectory, artifacts, otherArtifacts, plan, containerId, readUpTo, failure, true);
    }

    BuildRun exporting(String name, String value) {
        List<ExportedEnvironmentVariable> variables = new ArrayList<>(build.exportedEnvironmentVariables());
        variables.removeIf(variable -> variable.name().equals(name));
        variables.add(ExportedEnvironmentVariable.builder().name(name).value(value).build());
        return with(build.toBuilder().exportedEnvironmentVariables(variables).build());
    }

    /// Closes the current phase and opens the one that follows.
    BuildRun end(Ending ending, StatusType status, String code, String message, Instant now) {
        BuildPhaseType next = BuildLifecycle.LIFECYCLE.next(phase(), ending);
        List<BuildPhase> phases = new ArrayList<>(build.phases());
        BuildPhase open = phases.removeLast();
        Instant end = now.isBefore(open.startTime()) ? open.startTime() : now;
        phases.add(open.toBuilder().phaseStatus(status).endTime(end).durationInSeconds(Duration.between(open.startTime(), end).toSeconds())
                .contexts(PhaseContext.builder().statusCode(code).message(message).build()).build());
        phases.add(BuildPhase.builder().phaseType(next).startTime(end).build());
        return with(build.toBuilder().phases(phases).currentPhase(next.toString()).build()).failing(Optional.empty());
    }

    BuildRun succeed(Instant now) {
        return end(Ending.SUCCEEDED, StatusType.SUCCEEDED, "", "", now);
    }

    BuildRun fail(String code, String message, Instant now) {
        return end(Ending.FAILED, StatusType.FAILED, code, message, now);
    }

    /// The build is over; its status is that of the first phase that did not succeed.
    BuildRun complete(Instant now) {
        StatusType status = build.phases().stream().map(BuildPhase::phaseStatus).filter(one -> one != null && one != StatusType.SUCCEEDED)
                .findFirst().orElse(StatusType.SUCCEEDED);
        return with(build.toBuilder().buildStatus(status).buildComplete(true).endTime(now).build());
    }

    Instant began(BuildPhaseType type) {
        return build.phases().stream().filter(phase -> phase.phaseType() == type).map(BuildPhase::startTime).findFirst().orElse(build.startTime());
    }
}
