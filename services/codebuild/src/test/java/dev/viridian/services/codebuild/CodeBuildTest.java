package dev.viridian.services.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.container.memory.InMemoryRuntime;
import dev.viridian.container.memory.ScriptedProcess;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.AccountLimitExceededException;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.CreateProjectRequest;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.codebuild.model.InvalidInputException;
import software.amazon.awssdk.services.codebuild.model.Project;
import software.amazon.awssdk.services.codebuild.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/// Builds on virtual time; containers are acted out by a script that speaks as the driver does.
class CodeBuildTest {
    private static final String IMAGE = "aws/codebuild/standard:7.0";
    private static final String ONE_COMMAND = "version: 0.2\nphases:\n  build:\n    commands:\n      - make\n";

    private final VirtualTime time = new VirtualTime();
    private final Store store = SqliteStore.inMemory(ShapesMapper.create());
    private final Neighbourhood around = new Neighbourhood();
    private final InMemoryRuntime runtime = new InMemoryRuntime(time);
    private final List<String> lent = new ArrayList<>();
    private CodeBuild codebuild;

    @BeforeEach
    void start() {
        runtime.image(IMAGE, process -> new Driver(process).phases(0));
        boot(2);
    }

    private void boot(int capacity) {
        Work work = new Work(store, time, Runnable::run);
        codebuild = new CodeBuild(store, work, time, new CodeBuild.Neighbours(around.s3, around.logs, around.sts, CodeBuildTest::checkout,
                HiddenValues.none()), new CodeBuild.Place(runtime, new Lending(), new BuildEnvironment(URI.create("http://host:4566"), Map.of(), "", capacity)));
        work.start();
    }

    private static String checkout(String repository, String version, int depth, java.nio.file.Path target)
            throws Checkouts.NoSuchVersion, java.io.IOException {
        if (!repository.equals("shop")) {
            throw new Checkouts.NoSuchVersion("repository not found");
        }
        java.nio.file.Files.write(target, Neighbourhood.zip(Map.of("buildspec.yml", ONE_COMMAND, "readme", version)));
        return "c0ffee";
    }

    /// What the driver script says, phase by phase.
    private record Driver(ScriptedProcess process) {
        void tell(String line) {
            process.print("\u001e" + text("/codebuild/viridian/mark") + " " + line);
        }

        String text(String file) {
            return new String(process.file(file).orElseThrow());
        }

        boolean has(String file) {
            return process.file(file).isPresent();
        }

        /// All phases, in which the only command of BUILD exits with `status`.
        void phases(int status) {
            for (String phase : List.of("INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD")) {
                tell("BEGIN " + phase);
                boolean command = has("/codebuild/viridian/plan/" + phase + "/commands/00000");
                if (command) {
                    tell("COMMAND " + phase + " commands 00000");
                    process.print("output of " + phase);
                    tell("EXIT " + phase + " commands 00000 " + status);
                }
                boolean failed = command && status != 0;
                tell("END " + phase + " " + (failed ? 1 : 0));
                if (failed && (phase.equals("INSTALL") || phase.equals("PRE_BUILD"))) {
                    break;
                }
            }
            tell("DONE");
            process.exit(0);
        }
    }

    private final class Lending implements EngineAccess {
        @Override
        public String open(String build, Map<String, String> labels) {
            lent.add("open");
            return "/doors/" + build;
        }

        @Override
        public void close(String build, Map<String, String> labels) {
            lent.add("close");
        }
    }

    private <T> T as(Supplier<T> body) {
        return Caller.get(Neighbourhood.CALLER, body);
    }

    private Project create(Consumer<CreateProjectRequest.Builder> change) {
        CreateProjectRequest.Builder request = CreateProjectRequest.builder().name("shop").serviceRole(Neighbourhood.ROLE)
                .source(source -> source.type(SourceType.NO_SOURCE).buildspec(ONE_COMMAND)).artifacts(none -> none.type(ArtifactsType.NO_ARTIFACTS))
                .environment(environment -> environment.image(IMAGE).type("LINUX_CONTAINER").computeType("BUILD_GENERAL1_SMALL"));
        change.accept(request);
        return as(() -> codebuild.createProject(request.build())).project();
    }

    private Build build() {
        return build(_ -> {});
    }

    private Build build(Consumer<StartBuildRequest.Builder> change) {
        StartBuildRequest.Builder request = StartBuildRequest.builder().projectName("shop");
        change.accept(request);
        return as(() -> codebuild.startBuild(request.build())).build();
    }

    private Build finished(Build begun) {
        time.advance(Duration.ofSeconds(10));
        return now(begun);
    }

    private Build now(Build begun) {
        return as(() -> codebuild.batchGetBuilds(request -> request.ids(begun.id()))).builds().getFirst();
    }

    private static String failure(Build build) {
        BuildPhase failed = build.phases().stream().filter(phase -> phase.phaseStatus() != null && phase.phaseStatus() != StatusType.SUCCEEDED)
                .findFirst().orElseThrow();
        return failed.phaseType() + " " + failed.contexts().getFirst().statusCode() + " " + failed.contexts().getFirst().message();
    }

    @Test
    void a_build_passes_all_phases_and_says_what_its_commands_printed() {
        create(_ -> {});
        Build build = finished(build());

        assertThat(build.buildStatus()).isEqualTo(StatusType.SUCCEEDED);
        assertThat(build.buildNumber()).isEqualTo(1);
        assertThat(build.buildComplete()).isTrue();
        assertThat(build.currentPhase()).isEqualTo("COMPLETED");
        assertThat(build.phases()).extracting(BuildPhase::phaseTypeAsString).containsExactly("SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE",
                "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD", "UPLOAD_ARTIFACTS", "FINALIZING", "COMPLETED");
        assertThat(around.streams).containsExactly("/aws/codebuild/shop " + build.id().split(":")[1]);
        assertThat(around.log()).containsSubsequence("# Entering phase BUILD", "# Running command make", "output of BUILD",
                "# Phase complete: BUILD State: SUCCEEDED", "# Phase context status code:  Message:");
        assertThat(runtime.list(Map.of())).isEmpty();
    }

    @Test
    void after_a_failed_build_phase_post_build_and_upload_still_run() {
        runtime.image(IMAGE, process -> new Driver(process).phases(2));
        create(_ -> {});
        Build build = finished(build());

        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(failure(build)).isEqualTo("BUILD COMMAND_EXECUTION_ERROR Error while executing command: make. Reason: exit status 2");
        assertThat(build.phases()).extracting(BuildPhase::phaseTypeAsString).contains("POST_BUILD", "UPLOAD_ARTIFACTS");
    }

    @Test
    void a_failed_pre_build_skips_everything_up_to_finalizing() {
        runtime.image(IMAGE, process -> new Driver(process).phases(1));
        create(request -> request.source(source -> source.type(SourceType.NO_SOURCE)
                .buildspec("version: 0.2\nphases:\n  pre_build:\n    commands:\n      - login\n")));
        Build build = finished(build());

        assertThat(build.phases()).extracting(BuildPhase::phaseTypeAsString).containsExactly("SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE",
                "INSTALL", "PRE_BUILD", "FINALIZING", "COMPLETED");
    }

    @Test
    void commands_that_forge_the_drivers_lines_do_not_get_a_build_stuck() {
        runtime.image(IMAGE, process -> {
            Driver driver = new Driver(process);
            List.of("END COMPLETED 0", "END BUILD x", "COMMAND INSTALL commands 00007", "VALUE A-B 00", "NOTHING", "END").forEach(driver::tell);
            driver.phases(0);
        });
        create(_ -> {});
        assertThat(finished(build()).buildStatus()).isEqualTo(StatusType.SUCCEEDED);
    }

    @Test
    void a_container_that_dies_fails_the_phase_it_died_in() {
        runtime.image(IMAGE, process -> {
            new Driver(process).tell("BEGIN INSTALL");
            process.runOutOfMemory();
        });
        create(_ -> {});
        Build build = finished(build());

        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(failure(build)).startsWith("INSTALL BUILD_CONTAINER_DEAD Build container found dead before completing the build.");
    }

    @Test
    void a_build_that_takes_too_long_times_out_and_a_stopped_one_is_stopped() {
        runtime.image(IMAGE, process -> new Driver(process).tell("BEGIN INSTALL"));
        create(request -> request.timeoutInMinutes(5));
        Build slow = build();
        Build stopped = build();
        time.advance(Duration.ofMinutes(4));
        assertThat(now(slow).buildStatus()).isEqualTo(StatusType.IN_PROGRESS);
        as(() -> codebuild.stopBuild(request -> request.id(stopped.id())));

        assertThat(finished(stopped).buildStatus()).isEqualTo(StatusType.STOPPED);
        time.advance(Duration.ofMinutes(1));
        assertThat(now(slow).buildStatus()).isEqualTo(StatusType.TIMED_OUT);
        assertThat(failure(now(slow))).isEqualTo("INSTALL BUILD_TIMED_OUT Build has timed out. ");
        assertThat(runtime.list(Map.of())).isEmpty();
    }

    @Test
    void builds_over_the_capacity_wait_in_the_queue_and_may_time_out_there() {
        runtime.image(IMAGE, process -> new Driver(process).tell("BEGIN INSTALL"));
        create(request -> request.queuedTimeoutInMinutes(5));
        build();
        build();
        Build third = build();
        time.advance(Duration.ofMinutes(2));
        assertThat(now(third).currentPhase()).isEqualTo("QUEUED");
        time.advance(Duration.ofMinutes(4));
        assertThat(now(third).buildStatus()).isEqualTo(StatusType.TIMED_OUT);
        assertThat(now(third).phases()).extracting(BuildPhase::phaseTypeAsString).containsExactly("SUBMITTED", "QUEUED", "COMPLETED");
    }

    @Test
    void artifacts_of_a_pipeline_are_zipped_encrypted_and_put_by_the_role() {
        runtime.image(IMAGE, process -> {
            process.writeFile(new Driver(process).text("/codebuild/viridian/state/cwd") + "/out/image.json", "{}".getBytes());
            new Driver(process).phases(0);
        });
        create(_ -> {});
        around.objects.put("b/src", Neighbourhood.zip(Map.of("buildspec.yml", ONE_COMMAND + "artifacts:\n  files: ['**/*', missing]\n  base-directory: out\n")));
        Build build = finished(build(request -> request.sourceTypeOverride(SourceType.CODEPIPELINE).sourceLocationOverride("b/src").buildspecOverride("buildspec.yml")
                .artifactsOverride(artifacts -> artifacts.type(ArtifactsType.CODEPIPELINE).location("b/out/xyz"))
                .environmentVariablesOverride(variable -> variable.name("CODEBUILD_INITIATOR").value("codepipeline/p"),
                        variable -> variable.name("CODEBUILD_RESOLVED_SOURCE_VERSION").value("abc"))));

        assertThat(build.buildStatus()).as(String.join("\n", around.log())).isEqualTo(StatusType.SUCCEEDED);
        assertThat(build.initiator()).isEqualTo("codepipeline/p");
        assertThat(build.resolvedSourceVersion()).isEqualTo("abc");
        assertThat(around.unzip("b/out/xyz")).isEqualTo(Map.of("image.json", "{}"));
        assertThat(around.puts.get("b/out/xyz").serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(around.sessions).containsExactly("arn:aws:sts::111122223333:assumed-role/build/AWSCodeBuild-" + build.id().split(":")[1]);
        assertThat(around.log()).contains("# Skipping invalid file path missing", "# Found 1 file(s)");
        assertThat(build.artifacts().location()).isEqualTo("arn:aws:s3:::b/out/xyz");
        assertThat(build.artifacts().sha256sum()).hasSize(64);
    }

    @Test
    void artifacts_that_name_nothing_fail_the_upload() {
        create(request -> request.source(source -> source.type(SourceType.NO_SOURCE).buildspec(ONE_COMMAND + "artifacts:\n  files: [nothing]\n"))
                .artifacts(artifacts -> artifacts.type(ArtifactsType.S3).location("b").packaging("ZIP")));
        assertThat(failure(finished(build()))).isEqualTo("UPLOAD_ARTIFACTS CLIENT_ERROR no matching artifact paths found");
    }

    @Test
    void sources_and_buildspecs_that_are_not_there_fail_the_download() {
        create(request -> request.source(source -> source.type(SourceType.CODECOMMIT).location("https://git/v1/repos/shop")).sourceVersion("main"));
        Build good = finished(build());
        assertThat(good.buildStatus()).as(String.join("\n", around.log())).isEqualTo(StatusType.SUCCEEDED);
        assertThat(good.resolvedSourceVersion()).isEqualTo("c0ffee");

        assertThat(failure(finished(build(request -> request.sourceLocationOverride("https://git/v1/repos/other")))))
                .isEqualTo("DOWNLOAD_SOURCE CLIENT_ERROR repository not found for primary source and source version main");
        assertThat(failure(finished(build(request -> request.buildspecOverride("other.yml")))))
                .startsWith("DOWNLOAD_SOURCE YAML_FILE_ERROR stat /codebuild/output/src").endsWith("/other.yml: no such file or directory");
        assertThat(failure(finished(build(request -> request.buildspecOverride("version: 0.2\n")))))
                .isEqualTo("DOWNLOAD_SOURCE YAML_FILE_ERROR buildspec.yml: expected a section 'phases', found none");
    }

    @Test
    void a_variable_of_the_build_outranks_the_projects_which_outranks_the_buildspecs() {
        List<String> seen = new ArrayList<>();
        runtime.image(IMAGE, process -> {
            seen.addAll(new Driver(process).text("/codebuild/viridian/state/variables").lines().toList());
            new Driver(process).phases(0);
        });
        create(request -> request.environment(environment -> environment.image(IMAGE).type("LINUX_CONTAINER").computeType("BUILD_GENERAL1_SMALL")
                .environmentVariables(one -> one.name("A").value("project"), two -> two.name("B").value("project")))
                .source(source -> source.type(SourceType.NO_SOURCE).buildspec(
                        "version: 0.2\nenv:\n  variables: {A: spec, B: spec, C: 'it''s', CODEBUILD_CI: x}\nphases:\n  build:\n    commands: [make]\n")));
        Build build = finished(build(request -> request.environmentVariablesOverride(one -> one.name("A").value("build"))));

        assertThat(seen).contains("export A='build'", "export B='project'", "export C='it'\\''s'", "export CODEBUILD_CI='true'",
                "export CODEBUILD_BUILD_ID='" + build.id() + "'", "export AWS_REGION='us-east-1'", "export AWS_ENDPOINT_URL='http://host:4566'");
    }

    @Test
    void a_secret_fails_honestly_where_there_are_no_secrets() {
        create(_ -> {});
        Build build = finished(build(request -> request.environmentVariablesOverride(
                one -> one.name("PASSWORD").value("db").type(EnvironmentVariableType.SECRETS_MANAGER))));
        assertThat(failure(build)).startsWith("DOWNLOAD_SOURCE Decrypted Variables Error Secrets Manager Error Message:");
    }

    @Test
    void an_image_nobody_has_fails_the_provisioning() {
        create(_ -> {});
        Build build = finished(build(request -> request.imageOverride("aws/codebuild/standard:9.0")));
        assertThat(failure(build)).startsWith("PROVISIONING BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE Unable to pull customer's container image.")
                .contains("images/build.sh standard");
        assertThat(build.phases()).extracting(BuildPhase::phaseTypeAsString).containsExactly("SUBMITTED", "QUEUED", "PROVISIONING", "COMPLETED");
    }

    @Test
    void without_an_engine_the_build_fails_and_says_what_was_tried() {
        create(_ -> {});
        runtime.goAway();
        Build build = finished(build());
        assertThat(failure(build)).contains("PROVISIONING CLIENT_ERROR").contains("no container engine: tried memory");
        assertThat(build.buildComplete()).isTrue();
    }

    @Test
    void an_engine_that_is_away_for_a_while_only_delays_a_running_build() {
        List<ScriptedProcess> running = new ArrayList<>();
        runtime.image(IMAGE, running::add);
        create(_ -> {});
        Build begun = build();
        time.advance(Duration.ofSeconds(2));
        runtime.goAway();
        time.advance(Duration.ofSeconds(40));
        runtime.comeBack();
        new Driver(running.getFirst()).phases(0);
        time.advance(Duration.ofMinutes(1));
        assertThat(now(begun).buildStatus()).isEqualTo(StatusType.SUCCEEDED);
    }

    @Test
    void privileged_builds_are_lent_the_engine_until_they_end() {
        create(request -> request.environment(environment -> environment.image(IMAGE).type("LINUX_CONTAINER").computeType("BUILD_GENERAL1_SMALL")
                .privilegedMode(true)));
        finished(build());
        assertThat(lent).startsWith("open").endsWith("close");
    }

    @Test
    void a_build_goes_on_under_the_next_server_from_the_line_the_last_one_kept() {
        List<ScriptedProcess> running = new ArrayList<>();
        runtime.image(IMAGE, running::add);
        create(_ -> {});
        Build begun = build();
        time.advance(Duration.ofSeconds(1));
        Driver driver = new Driver(running.getFirst());
        driver.tell("BEGIN INSTALL");
        running.getFirst().print("before");
        time.advance(Duration.ofSeconds(1));
        boot(2);
        running.getFirst().print("after");
        driver.tell("END INSTALL 0");
        time.advance(Duration.ofSeconds(1));

        assertThat(around.log().stream().filter("before"::equals)).hasSize(1);
        assertThat(around.log().stream().filter("after"::equals)).hasSize(1);
        assertThat(now(begun).currentPhase()).isEqualTo("PRE_BUILD");
        assertThat(runtime.list(Map.of())).hasSize(1);
    }

    @Test
    void projects_are_made_once_listed_changed_and_forgotten() {
        Project project = create(_ -> {});
        assertThat(project.arn()).isEqualTo("arn:aws:codebuild:us-east-1:111122223333:project/shop");
        assertThat(project.timeoutInMinutes()).isEqualTo(60);
        assertThat(project.encryptionKey()).isEqualTo("arn:aws:kms:us-east-1:111122223333:alias/aws/s3");
        assertThatThrownBy(() -> create(_ -> {})).isInstanceOf(ResourceAlreadyExistsException.class)
                .hasMessageContaining("Project already exists: arn:aws:codebuild:us-east-1:111122223333:project/shop");
        assertThat(as(() -> codebuild.updateProject(request -> request.name("shop").timeoutInMinutes(10))).project().timeoutInMinutes()).isEqualTo(10);
        assertThat(as(() -> codebuild.listProjects(_ -> {})).projects()).containsExactly("shop");
        assertThat(as(() -> codebuild.batchGetProjects(request -> request.names("shop", "none"))).projectsNotFound()).containsExactly("none");
        as(() -> codebuild.deleteProject(request -> request.name("shop")));
        as(() -> codebuild.deleteProject(request -> request.name("shop")));
        assertThatThrownBy(this::build).isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Project cannot be found: arn:aws:codebuild:us-east-1:111122223333:project/shop");
    }

    @Test
    void projects_that_could_not_work_are_refused() {
        assertThatThrownBy(() -> create(request -> request.serviceRole("arn:aws:iam::111122223333:role/other"))).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/other");
        assertThatThrownBy(() -> create(request -> request.source(source -> source.type(SourceType.CODECOMMIT))))
                .hasMessageContaining("Project source location is required");
        assertThatThrownBy(() -> create(request -> request.source(source -> source.type(SourceType.CODEPIPELINE))))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_token_starts_one_build_and_a_limit_refuses_more() {
        runtime.image(IMAGE, process -> {});
        create(request -> request.concurrentBuildLimit(1));
        Build first = build(request -> request.idempotencyToken("t"));
        assertThat(build(request -> request.idempotencyToken("t")).id()).isEqualTo(first.id());
        assertThatThrownBy(() -> build(request -> request.idempotencyToken("t").sourceVersion("x"))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(this::build).isInstanceOf(AccountLimitExceededException.class);
    }

    @Test
    void builds_are_listed_newest_first_and_can_be_retried() {
        create(_ -> {});
        Build first = finished(build());
        Build second = finished(as(() -> codebuild.retryBuild(request -> request.id(first.id()))).build());

        assertThat(second.buildStatus()).isEqualTo(StatusType.SUCCEEDED);
        assertThat(as(() -> codebuild.listBuildsForProject(request -> request.projectName("shop"))).ids()).containsExactly(second.id(), first.id());
        assertThat(as(() -> codebuild.listBuilds(request -> request.sortOrder("ASCENDING"))).ids()).containsExactly(first.id(), second.id());
        assertThat(as(() -> codebuild.batchGetBuilds(request -> request.ids(first.arn(), "shop:none"))).buildsNotFound()).containsExactly("shop:none");
    }
}
