package dev.viridian.services.codebuild;

import dev.viridian.aws.Caller;
import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerState;
import dev.viridian.container.LogLine;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Handler;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.services.codebuild.BuildLifecycle.Ending;
import dev.viridian.services.codebuild.BuildLog.Line;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/// Takes a build one step further, from wherever it stands. Each step can be repeated: the container is found by the build's id, what was read of
/// its output is written down together with what followed from it.
final class BuildSteps implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(BuildSteps.class);
    /// Commands print at any time: their lines shall be seen within a second.
    private static final Duration LOOK_AGAIN = Duration.ofMillis(400);
    private static final Duration LOOK_AGAIN_WHEN_SILENT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration QUEUE_AGAIN = Duration.ofSeconds(1);
    private static final int LINES_AT_ONCE = 5_000;
    private static final String DEAD = "Build container found dead before completing the build. Build container died because it was out of memory, "
            + "or the Docker image is not supported. ErrorCode: 500";

    private final Builds builds;
    private final BuildLog log;
    private final ContainerRuntime runtime;
    private final Tails tails;
    private final Preparation preparation;
    private final Upload upload;
    private final Provisioning provisioning;
    private final BuildEnvironment surroundings;
    private final Work work;
    private final Time time;

    BuildSteps(Builds builds, BuildLog log, ContainerRuntime runtime, Preparation preparation, Upload upload, Provisioning provisioning,
               BuildEnvironment surroundings, Work work, Time time) {
        this.builds = builds;
        this.log = log;
        this.runtime = runtime;
        this.tails = new Tails(runtime);
        this.preparation = preparation;
        this.upload = upload;
        this.provisioning = provisioning;
        this.surroundings = surroundings;
        this.work = work;
        this.time = time;
    }

    @Override
    public Next run(String key) throws Exception {
        Optional<BuildRun> found = builds.find(key).filter(run -> !run.build().buildComplete());
        return found.isEmpty() ? Next.done() : step(key, found.get());
    }

    private Next step(String key, BuildRun run) throws IOException {
        Optional<Cut> cut = cut(run);
        if (cut.isPresent()) {
            return cutShort(key, run, cut.get());
        }
        return switch (run.phase()) {
            case SUBMITTED -> submit(key, run);
            case QUEUED -> queue(key, run);
            case PROVISIONING -> provision(key, run);
            case DOWNLOAD_SOURCE -> prepare(key, run);
            case INSTALL, PRE_BUILD, BUILD, POST_BUILD -> readAlong(key, run);
            case UPLOAD_ARTIFACTS -> upload(key, run);
            case FINALIZING -> move(key, run, List.of(), current -> current.succeed(time.now()));
            case COMPLETED -> complete(key, run);
            default -> throw new IllegalStateException("no build can be in phase " + run.build().currentPhase());
        };
    }

    /// Why a build must not go on.
    private record Cut(StatusType status, String code, String message) {}

    private Optional<Cut> cut(BuildRun run) {
        if (run.phase() == BuildPhaseType.FINALIZING || run.phase() == BuildPhaseType.COMPLETED) {
            return Optional.empty();
        }
        if (run.stopRequested()) {
            return Optional.of(new Cut(StatusType.STOPPED, "", ""));
        }
        Instant now = time.now();
        boolean queued = run.phase() == BuildPhaseType.SUBMITTED || run.phase() == BuildPhaseType.QUEUED;
        Instant end = queued ? run.build().startTime().plus(Duration.ofMinutes(run.build().queuedTimeoutInMinutes()))
                : run.began(BuildPhaseType.PROVISIONING).plus(Duration.ofMinutes(run.build().timeoutInMinutes()));
        return now.isBefore(end) ? Optional.empty()
                : Optional.of(new Cut(StatusType.TIMED_OUT, "BUILD_TIMED_OUT", "Build has timed out. "));
    }

    private Next cutShort(String key, BuildRun run, Cut cut) {
        Transcript.Reading reading = lastWords(run);
        boolean still = BuildLifecycle.LIFECYCLE.allows(reading.run().phase(), Ending.CUT_SHORT);
        return move(key, run, reading.log(), current -> still
                ? reading.run().end(Ending.CUT_SHORT, cut.status(), cut.code(), cut.message(), time.now()) : reading.run());
    }

    /// Kills the container first, so that what it still wrote can be read to its end. An engine that is away does not keep a build from ending: the
    /// container is cleared away when it is back.
    private Transcript.Reading lastWords(BuildRun run) {
        try {
            Optional<ContainerState> container = container(run);
            container.filter(ContainerState::running).ifPresent(state -> runtime.kill(state.id(), "SIGKILL"));
            List<LogLine> lines = container.isPresent() && BuildLifecycle.hasCommands(run.phase())
                    ? runtime.logs(container.get().id(), run.readUpTo(), Integer.MAX_VALUE) : List.of();
            return Transcript.read(run, lines);
        } catch (ContainerException.NoEngine | ContainerException.WrongPhase e) {
            LOG.warn("The last lines of build {} could not be read: {}", run.build().id(), e.getMessage());
            return Transcript.read(run, List.of());
        }
    }

    private Next submit(String key, BuildRun run) {
        try {
            Caller.run(run.role(), () -> log.open(run));
        } catch (CloudWatchLogsException e) {
            String message = "Service role " + run.build().serviceRole()
                    + " does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build " + run.build().arn()
                    + ". Error message: " + e.getMessage();
            return moveSilently(key, current -> current.fail("ACCESS_DENIED", message, time.now()));
        }
        return move(key, run, List.of(Line.container(time.now(), "Running on CodeBuild On-demand")), current -> current.succeed(time.now()));
    }

    private Next queue(String key, BuildRun run) {
        if (builds.running() >= surroundings.capacity()) {
            return Next.at(time.now().plus(QUEUE_AGAIN));
        }
        return move(key, run, List.of(), current -> current.succeed(time.now()));
    }

    private Next provision(String key, BuildRun run) {
        try {
            String container = provisioning.provide(run);
            return move(key, run, List.of(), current -> current.in(container).succeed(time.now()));
        } catch (ImageNotFound e) {
            String message = "Unable to pull customer's container image. CannotPullContainerError: " + e.reason();
            return move(key, run, List.of(), current -> current.fail("BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE", message, time.now()));
        } catch (ContainerException e) {
            return move(key, run, List.of(), current -> current.fail("CLIENT_ERROR", e.getMessage(), time.now()));
        }
    }

    private Next prepare(String key, BuildRun run) throws IOException {
        Optional<ContainerState> container = container(run);
        if (container.isEmpty()) {
            return move(key, run, List.of(), current -> current.fail("CLIENT_ERROR", DEAD, time.now()));
        }
        if (!container.get().phase().equals(new ContainerState.Created())) {
            // started before a crash: it has all it needs
            return move(key, run, List.of(), current -> current.succeed(container.get().startedAt().orElse(time.now())));
        }
        try {
            Preparation.Prepared prepared = preparation.prepare(run, container.get().id(), time.now());
            write(key, run, prepared.log(), current -> current.planned(prepared.run().plan().orElseThrow(), resolved(current, prepared.run())));
            runtime.start(container.get().id());
            return move(key, run, List.of(), current -> current.succeed(time.now()));
        } catch (SourceException e) {
            return failed(key, run, e.code(), e.getMessage());
        } catch (ContainerException.CannotStart e) {
            return failed(key, run, "CLIENT_ERROR", "The build image cannot run builds: it needs /bin/sh. " + e.reason());
        }
    }

    /// A pipeline knows the commit its artifact was made of better than the bucket does.
    private static String resolved(BuildRun current, BuildRun prepared) {
        return Optional.ofNullable(current.build().resolvedSourceVersion())
                .or(() -> Optional.ofNullable(prepared.build().resolvedSourceVersion())).orElse("");
    }

    private Next readAlong(String key, BuildRun run) {
        Optional<ContainerState> container = container(run);
        container.ifPresent(_ -> provisioning.lend(run));
        List<LogLine> lines = container.map(state -> lines(state, run)).orElse(List.of());
        if (!lines.isEmpty()) {
            Transcript.Reading reading = Transcript.read(run, lines);
            move(key, run, reading.log(), current -> current.stopRequested() ? reading.run().stopped() : reading.run());
            return reading.run().phase() == run.phase() && lines.size() < LINES_AT_ONCE ? Next.at(time.now().plus(LOOK_AGAIN)) : Next.again();
        }
        if (container.filter(ContainerState::running).isEmpty()) {
            return move(key, run, List.of(), current -> current.end(Ending.CUT_SHORT, StatusType.FAILED, "BUILD_CONTAINER_DEAD", DEAD, time.now()));
        }
        Instant silentSince = run.readUpTo().isAfter(run.began(run.phase())) ? run.readUpTo() : run.began(run.phase());
        boolean silent = Duration.between(silentSince, time.now()).compareTo(SILENCE) > 0;
        return Next.at(time.now().plus(silent ? LOOK_AGAIN_WHEN_SILENT : LOOK_AGAIN));
    }

    /// Of a container that is over, or whose tail broke, the engine's own log is the whole truth.
    private List<LogLine> lines(ContainerState container, BuildRun run) {
        if (container.running() && !tails.ended(container.id())) {
            return tails.read(container.id(), run.readUpTo(), LINES_AT_ONCE);
        }
        tails.forget(container.id());
        List<LogLine> rest = runtime.logs(container.id(), run.readUpTo(), Integer.MAX_VALUE);
        return rest.subList(0, Math.min(LINES_AT_ONCE, rest.size()));
    }

    private Next upload(String key, BuildRun run) throws IOException {
        Optional<ContainerState> container = container(run);
        if (container.filter(ContainerState::running).isPresent()) {
            // the driver has said its last but one word; files do not change any more once it is gone
            return Next.at(time.now().plus(LOOK_AGAIN));
        }
        if (container.isEmpty()) {
            return failed(key, run, "CLIENT_ERROR", DEAD);
        }
        try {
            Upload.Uploaded uploaded = Caller.call(run.role(), () -> upload.upload(run, container.get().id(), time.now()));
            List<Line> said = new java.util.ArrayList<>(uploaded.log());
            said.add(Line.container(time.now(), "Phase complete: UPLOAD_ARTIFACTS State: SUCCEEDED"));
            said.add(Line.container(time.now(), "Phase context status code:  Message: "));
            return move(key, run, said, current -> current.with(current.build().toBuilder().artifacts(uploaded.artifacts()).build())
                    .succeed(time.now()));
        } catch (SourceException e) {
            return failed(key, run, e.code(), e.getMessage());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            return failed(key, run, "CLIENT_ERROR", String.valueOf(e.getMessage()));
        }
    }

    private Next failed(String key, BuildRun run, String code, String message) {
        Instant now = time.now();
        List<Line> said = List.of(Line.container(now, "Phase complete: " + run.phase() + " State: FAILED"),
                Line.container(now, "Phase context status code: " + code + " Message: " + message));
        return move(key, run, said, current -> current.fail(code, message, now));
    }

    /// Over for everybody who asks; what is left in the engine is cleared away by work of its own, which outlasts an engine that is away.
    private Next complete(String key, BuildRun run) {
        run.containerId().ifPresent(tails::forget);
        builds.transact(() -> {
            builds.update(key, current -> current.complete(time.now()));
            work.wake(Leftovers.KIND, key);
        });
        return Next.done();
    }

    private Optional<ContainerState> container(BuildRun run) {
        return run.containerId().flatMap(runtime::inspect);
    }

    private Next move(String key, BuildRun run, List<Line> said, UnaryOperator<BuildRun> change) {
        write(key, run, said, change);
        return Next.again();
    }

    private Next moveSilently(String key, UnaryOperator<BuildRun> change) {
        builds.update(key, change);
        return Next.again();
    }

    /// Lines and what follows from them become durable together, so that a repeated step repeats neither.
    private void write(String key, BuildRun run, List<Line> said, UnaryOperator<BuildRun> change) {
        builds.transact(() -> {
            say(run, said);
            builds.update(key, change);
        });
    }

    /// A log that was deleted, or that the role may no longer write, does not end a build.
    private void say(BuildRun run, List<Line> said) {
        try {
            Caller.run(run.role(), () -> log.write(run, said));
        } catch (CloudWatchLogsException e) {
            LOG.warn("{} line(s) of build {} could not be logged: {}", said.size(), run.build().id(), e.getMessage());
        }
    }
}
