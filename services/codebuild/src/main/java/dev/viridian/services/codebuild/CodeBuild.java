package dev.viridian.services.codebuild;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.container.ContainerRuntime;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/// AWS CodeBuild.
public final class CodeBuild implements CodeBuildClient {
    private static final int PAGE = 100;
    private static final Duration TOKEN_VALID = Duration.ofMinutes(5);

    private final Store store;
    private final Work work;
    private final Time time;
    private final Projects projects;
    private final Builds builds;
    private final Table<Token> tokens;

    /// What an idempotency token stood for.
    record Token(StartBuildRequest request, String build, Instant at) {}

    /// Who builds work with; each is asked as the project's service role, STS as CodeBuild itself.
    ///
    /// @param checkouts working copies of CodeCommit repositories
    /// @param hidden values of PARAMETER_STORE and SECRETS_MANAGER variables
    public record Neighbours(S3Client s3, CloudWatchLogsClient logs, StsClient sts, Checkouts checkouts, HiddenValues hidden) {}

    /// Where builds run.
    ///
    /// @param engine lent to privileged builds
    public record Place(ContainerRuntime runtime, EngineAccess engine, BuildEnvironment environment) {}

    public CodeBuild(Store store, Work work, Time time, Neighbours neighbours, Place place) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.projects = new Projects(store, neighbours.sts(), time);
        this.builds = new Builds(store);
        this.tokens = store.table("codebuild.tokens", Token.class);
        Preparation preparation = new Preparation(place.runtime(), new Sources(neighbours.s3(), neighbours.checkouts()), neighbours.sts(),
                neighbours.hidden(), place.environment());
        Provisioning provisioning = new Provisioning(place.runtime(), place.engine(), place.environment());
        work.handle(Builds.KIND, new BuildSteps(builds, new BuildLog(neighbours.logs()), place.runtime(), preparation,
                new Upload(place.runtime(), neighbours.s3()), provisioning, place.environment(), work, time));
        work.handle(Leftovers.KIND, new Leftovers(builds, place.runtime(), place.engine()));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    // ---- projects

    @Override
    public CreateProjectResponse createProject(CreateProjectRequest request) {
        return CreateProjectResponse.builder().project(projects.create(request)).build();
    }

    @Override
    public UpdateProjectResponse updateProject(UpdateProjectRequest request) {
        return UpdateProjectResponse.builder().project(projects.update(request)).build();
    }

    @Override
    public DeleteProjectResponse deleteProject(DeleteProjectRequest request) {
        projects.delete(request.name());
        return DeleteProjectResponse.builder().build();
    }

    @Override
    public BatchGetProjectsResponse batchGetProjects(BatchGetProjectsRequest request) {
        List<Project> found = request.names().stream().flatMap(name -> projects.find(name).stream()).toList();
        List<String> missing = request.names().stream().filter(name -> projects.find(name).isEmpty()).toList();
        return BatchGetProjectsResponse.builder().projects(found).projectsNotFound(missing).build();
    }

    @Override
    public ListProjectsResponse listProjects(ListProjectsRequest request) {
        Comparator<Project> order = switch (Optional.ofNullable(request.sortBy()).orElse(ProjectSortByType.NAME)) {
            case CREATED_TIME -> Comparator.comparing(Project::created);
            case LAST_MODIFIED_TIME -> Comparator.comparing(Project::lastModified);
            default -> Comparator.comparing(Project::name);
        };
        boolean descending = request.sortOrder() == SortOrderType.DESCENDING;
        List<String> names = projects.list().stream().sorted(descending ? order.reversed() : order).map(Project::name).toList();
        Pages.Page<String> page = page(names, request.nextToken());
        return ListProjectsResponse.builder().projects(page.items()).nextToken(page.nextToken()).build();
    }

    // ---- builds

    @Override
    public StartBuildResponse startBuild(StartBuildRequest request) {
        return StartBuildResponse.builder().build(once(request.idempotencyToken(), request, () -> start(request))).build();
    }

    private Build start(StartBuildRequest request) {
        return store.transact(() -> {
            Project project = projects.require(request.projectName()).project();
            checkLimit(project);
            BuildRun run = Starting.build(project, request, projects.nextBuildNumber(project.name()), time);
            builds.add(run);
            work.wake(Builds.KIND, Builds.key(run));
            return run.build();
        });
    }

    /// A project's own limit refuses builds, where the account's queue would make them wait.
    private void checkLimit(Project project) {
        Integer limit = project.concurrentBuildLimit();
        long active = limit == null ? 0
                : builds.here().stream().filter(run -> run.project().equals(project.name()) && !run.build().buildComplete()).count();
        if (limit != null && active >= limit) {
            throw AccountLimitExceededException.builder()
                    .message("Cannot have more than " + limit + " active builds for the project " + project.name()).build();
        }
    }

    /// The same token within five minutes starts nothing new.
    private Build once(@Nullable String token, StartBuildRequest request, Supplier<Build> start) {
        if (token == null || token.isEmpty()) {
            return start.get();
        }
        Caller caller = Caller.current();
        String key = Key.of(caller.account(), caller.region(), request.projectName(), token);
        return store.transact(() -> {
            Optional<Token> known = tokens.find(key).filter(earlier -> earlier.at().plus(TOKEN_VALID).isAfter(time.now()));
            if (known.isPresent() && !known.get().request().equals(request)) {
                throw ProjectRules.invalid("The idempotency token was used before with other parameters");
            }
            if (known.isPresent()) {
                return builds.here(known.get().build()).map(BuildRun::build).orElseThrow();
            }
            Build build = start.get();
            tokens.put(key, new Token(request, build.id(), time.now()));
            return build;
        });
    }

    @Override
    public StopBuildResponse stopBuild(StopBuildRequest request) {
        return store.transact(() -> {
            BuildRun run = required(request.id());
            if (!run.build().buildComplete()) {
                builds.update(Builds.key(run), BuildRun::stopped);
                work.wake(Builds.KIND, Builds.key(run));
            }
            return StopBuildResponse.builder().build(run.build()).build();
        });
    }

    /// A new build of the same project and source version with the same overrides.
    @Override
    public RetryBuildResponse retryBuild(RetryBuildRequest request) {
        return store.transact(() -> {
            BuildRun run = required(request.id());
            if (!run.build().buildComplete()) {
                throw ProjectRules.invalid("Build " + run.build().id() + " is in progress and cannot be retried");
            }
            Build old = run.build();
            StartBuildRequest again = StartBuildRequest.builder().projectName(run.project()).sourceVersion(old.sourceVersion())
                    .sourceTypeOverride(old.source().type()).sourceLocationOverride(old.source().location())
                    .buildspecOverride(old.source().buildspec()).artifactsOverride(run.artifacts()).secondaryArtifactsOverride(run.otherArtifacts())
                    .secondarySourcesOverride(old.secondarySources()).secondarySourcesVersionOverride(old.secondarySourceVersions())
                    .environmentVariablesOverride(old.environment().environmentVariables()).imageOverride(old.environment().image())
                    .computeTypeOverride(old.environment().computeType()).privilegedModeOverride(old.environment().privilegedMode())
                    .serviceRoleOverride(old.serviceRole()).timeoutInMinutesOverride(old.timeoutInMinutes()).build();
            return RetryBuildResponse.builder().build(start(again)).build();
        });
    }

    @Override
    public BatchGetBuildsResponse batchGetBuilds(BatchGetBuildsRequest request) {
        List<Build> found = request.ids().stream().flatMap(id -> builds.here(id).stream()).map(BuildRun::build).toList();
        List<String> missing = request.ids().stream().filter(id -> builds.here(id).isEmpty()).toList();
        return BatchGetBuildsResponse.builder().builds(found).buildsNotFound(missing).build();
    }

    @Override
    public ListBuildsResponse listBuilds(ListBuildsRequest request) {
        Pages.Page<String> page = page(ids(builds.here(), request.sortOrder()), request.nextToken());
        return ListBuildsResponse.builder().ids(page.items()).nextToken(page.nextToken()).build();
    }

    @Override
    public ListBuildsForProjectResponse listBuildsForProject(ListBuildsForProjectRequest request) {
        String project = projects.require(request.projectName()).project().name();
        List<BuildRun> own = builds.here().stream().filter(run -> run.project().equals(project)).toList();
        Pages.Page<String> page = page(ids(own, request.sortOrder()), request.nextToken());
        return ListBuildsForProjectResponse.builder().ids(page.items()).nextToken(page.nextToken()).build();
    }

    @Override
    public BatchDeleteBuildsResponse batchDeleteBuilds(BatchDeleteBuildsRequest request) {
        return store.transact(() -> {
            List<BuildRun> gone = request.ids().stream().flatMap(id -> builds.here(id).stream()).filter(run -> run.build().buildComplete()).toList();
            gone.forEach(builds::delete);
            List<String> deleted = gone.stream().map(run -> run.build().arn()).toList();
            List<BuildNotDeleted> kept = request.ids().stream().filter(id -> builds.here(id).isPresent())
                    .map(id -> BuildNotDeleted.builder().id(id).statusCode("BUILD_IN_PROGRESS").build()).toList();
            return BatchDeleteBuildsResponse.builder().buildsDeleted(deleted).buildsNotDeleted(kept).build();
        });
    }

    private BuildRun required(String id) {
        return builds.here(id).orElseThrow(() -> ResourceNotFoundException.builder().message("Build cannot be found: " + id).build());
    }

    /// Newest first unless asked otherwise.
    private static List<String> ids(List<BuildRun> oldestFirst, @Nullable SortOrderType order) {
        List<BuildRun> sorted = order == SortOrderType.ASCENDING ? oldestFirst : oldestFirst.reversed();
        return sorted.stream().map(run -> run.build().id()).toList();
    }

    private static Pages.Page<String> page(List<String> all, @Nullable String token) {
        try {
            return Pages.of(all, token, null, PAGE);
        } catch (Pages.InvalidToken e) {
            throw ProjectRules.invalid("Invalid next token: " + e.getMessage());
        }
    }
}
