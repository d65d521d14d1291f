package dev.viridian.services.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.container.ContainerException;
import dev.viridian.container.Images.RegistryLogin;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.container.gateway.EngineGateway;
import dev.viridian.container.gateway.ImageGateway;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/// Builds in real containers of the build image.
class RealBuildTest {
    private static final String IMAGE = "aws/codebuild/standard:4.0";
    private static final String REGISTRY = "111122223333.dkr.ecr.us-east-1.viridian.test";

    private final Time time = new SystemTime();
    private final DockerEngine engine = DockerEngine.discover(time);
    private final Neighbourhood around = new Neighbourhood();
    private final Shelf shelf = new Shelf();
    private final Store store = SqliteStore.inMemory(ShapesMapper.create());
    private final String repository = REGISTRY + "/nginx-sample-" + UUID.randomUUID();
    private Path doors;
    private Server server;

    /// One life of the process.
    private record Server(CodeBuild codebuild, Work work, GatewayAccess access) {}

    @BeforeEach
    void start() throws IOException {
        try {
            Assumptions.assumeTrue(engine.images().find(IMAGE).isPresent(), "skipped, because the engine does not hold " + IMAGE
                    + "; images/build.sh standard makes it");
        } catch (ContainerException.NoEngine e) {
            Assumptions.abort("skipped, because " + e.getMessage());
        }
        doors = Files.createTempDirectory("vb");
        server = boot();
    }

    private Server boot() {
        Work work = new Work(store, time);
        GatewayAccess access = new GatewayAccess(new EngineGateway(engine, shelf), engine, doors);
        CodeBuild codebuild = new CodeBuild(store, work, time,
                new CodeBuild.Neighbours(around.s3, around.logs, around.sts, (_, _, _, _) -> "", HiddenValues.none()),
                new CodeBuild.Place(engine, access, new BuildEnvironment(URI.create("http://host.docker.internal:4566"),
                        Map.of("host.docker.internal", "host-gateway"), "", 2)));
        work.start();
        return new Server(codebuild, work, access);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.work().close();
            engine.images().list(Map.of()).stream().flatMap(image -> image.names().stream()).filter(name -> name.startsWith(repository))
                    .forEach(engine.images()::remove);
            engine.list(Map.of("dev.viridian.service", "codebuild")).stream()
                    .filter(container -> container.labels().get("dev.viridian.build").startsWith("real")).forEach(left -> engine.remove(left.id()));
        }
    }

    @Test
    void the_workshops_buildspec_builds_and_pushes_an_image_and_hands_on_its_files() throws Exception {
        around.objects.put("artifacts/source/abc", Neighbourhood.zip(Map.of(
                "buildspec.yml", """
                        version: 0.2
                        phases:
                          pre_build:
                            commands:
                              - echo Logging in to Amazon ECR...
                              - aws --version
                              - echo secret | docker login --username AWS --password-stdin $REPOSITORY_URI
                              - COMMIT_HASH=$(echo $CODEBUILD_RESOLVED_SOURCE_VERSION | cut -c 1-7)
                              - IMAGE_TAG=${COMMIT_HASH:=latest}
                          build:
                            commands:
                              - echo Docker build and tagging started on `date`
                              - docker build -t $REPOSITORY_URI:latest -t $REPOSITORY_URI:$IMAGE_TAG .
                          post_build:
                            commands:
                              - docker push $REPOSITORY_URI:latest
                              - docker push $REPOSITORY_URI:$IMAGE_TAG
                              - sed -i 's@REPOSITORY_URI@'$REPOSITORY_URI'@g' taskdef.json
                              - sed -i 's@IMAGE_TAG@'$IMAGE_TAG'@g' taskdef.json
                              - sed -i 's@AWS_REGION@'$AWS_REGION'@g' taskdef.json
                              - printf '{"ImageURI":"%s"}' $REPOSITORY_URI:$IMAGE_TAG > imageDetail.json
                        artifacts:
                          files:
                            - "imageDetail.json"
                            - "taskdef.json"
                        """,
                "Dockerfile", "FROM scratch\nCOPY taskdef.json /\n",
                "taskdef.json", "{\"image\": \"REPOSITORY_URI:IMAGE_TAG\", \"region\": \"AWS_REGION\"}")));

        Build build = finished(startFromPipeline("real-workshop", true));

        assertThat(around.log()).as("log").contains("Login Succeeded", "# Entering phase BUILD");
        assertThat(build.buildStatus()).as(String.join("\n", around.log())).isEqualTo(StatusType.SUCCEEDED);
        assertThat(around.unzip("artifacts/out/xyz")).isEqualTo(Map.of("imageDetail.json", "{\"ImageURI\":\"" + repository + ":0123456\"}",
                "taskdef.json", "{\"image\": \"" + repository + ":0123456\", \"region\": \"us-east-1\"}"));
        assertThat(shelf.archives.keySet()).containsExactlyInAnyOrder(repository + ":latest", repository + ":0123456");
    }

    @Test
    void a_shells_state_lives_from_command_to_command_whatever_they_do() throws Exception {
        Build build = finished(start("real-state", false, """
                version: 0.2
                env:
                  shell: bash
                  exported-variables: [RESULT, MULTI]
                phases:
                  install:
                    commands:
                      - cd /tmp && mkdir -p here && cd here
                      - PLAIN="it's \\"quoted\\" $HOME"; export EXPORTED=yes
                      - greet() { echo "hello $1"; }
                      - "MULTI=$(printf 'a\\nb')"
                      - set -u
                      - exit 0
                  build:
                    commands:
                      - pwd
                      - echo "[$PLAIN]"
                      - env | grep '^EXPORTED='
                      - greet world
                      - |
                        for i in 1 2; do
                          echo "loop $i"
                        done
                      - RESULT="$(pwd):$CODEBUILD_BUILD_SUCCEEDING"
                      - printf 'no line end'
                      - AKID=$AWS_ACCESS_KEY_ID; echo "key $AKID"
                      - exit 3
                    finally:
                      - echo cleaning up
                  post_build:
                    commands:
                      - RESULT="$RESULT:$CODEBUILD_BUILD_SUCCEEDING"
                """));

        assertThat(around.log()).as("log").contains("/tmp/here", "[it's \"quoted\" /root]", "EXPORTED=yes", "hello world", "loop 1", "loop 2", "no line end",
                "key ***", "cleaning up", "# Command did not exit successfully exit 3 exit status 3", "# Phase complete: BUILD State: FAILED",
                "# Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing command: exit 3. Reason: exit status 3");
        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(build.exportedEnvironmentVariables()).extracting(variable -> variable.name() + "=" + variable.value())
                .containsExactlyInAnyOrder("RESULT=/tmp/here:1:0", "MULTI=a\nb");
        assertThat(build.phases()).extracting(BuildPhase::phaseTypeAsString).containsExactly("SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE",
                "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD", "UPLOAD_ARTIFACTS", "FINALIZING", "COMPLETED");
    }

    @Test
    void plain_sh_keeps_its_state_too() throws Exception {
        Build build = finished(start("real-sh", false, """
                version: 0.2
                phases:
                  build:
                    commands:
                      - "A='x y'; cd /usr"
                      - echo "$A in $(pwd)"
                      - set -e
                      - "false"
                """));

        assertThat(around.log()).contains("x y in /usr", "# Command did not exit successfully false exit status 1");
        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
    }

    @Test
    void without_privileged_mode_docker_finds_no_daemon() throws Exception {
        Build build = finished(start("real-unprivileged", false, """
                version: 0.2
                phases:
                  build:
                    commands:
                      - docker ps
                """));

        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(around.log()).anyMatch(line -> line.contains("Cannot connect to the Docker daemon at unix:///var/run/docker.sock"));
    }

    @Test
    void a_build_goes_on_while_its_server_is_dead_and_ends_under_the_next_one() throws Exception {
        Build begun = start("real-crash", true, """
                version: 0.2
                phases:
                  build:
                    commands:
                      - echo first
                      - mkdir context && printf 'FROM scratch\\nCOPY f /\\n' > context/Dockerfile && echo x > context/f
                      - until [ -e /tmp/go ]; do sleep 0.1; done
                      - docker build -t $REPOSITORY_URI:crash context
                      - echo last
                """);
        until(build -> around.log().contains("first"), begun.id());
        server.work().close();
        server.access().close();
        String container = engine.find("codebuild/" + begun.id().split(":")[1]).orElseThrow().id();
        engine.exec(container, dev.viridian.container.ExecSpec.of("touch", "/tmp/go"));

        server = boot();
        Build build = finished(begun);

        assertThat(build.buildStatus()).as(String.join("\n", around.log())).isEqualTo(StatusType.SUCCEEDED);
        assertThat(around.log().stream().filter("first"::equals)).hasSize(1);
        assertThat(around.log()).contains("last");
        assertThat(engine.inspect(container)).isEmpty();
    }

    @Test
    void a_stopped_build_leaves_nothing_behind() throws Exception {
        Build begun = start("real-stop", false, """
                version: 0.2
                phases:
                  build:
                    commands:
                      - echo sleeping
                      - sleep 600
                """);
        until(build -> around.log().contains("sleeping"), begun.id());
        Caller.run(Neighbourhood.CALLER, () -> server.codebuild().stopBuild(request -> request.id(begun.id())));
        Build build = finished(begun);

        assertThat(build.buildStatus()).isEqualTo(StatusType.STOPPED);
        assertThat(build.phases()).filteredOn(phase -> phase.phaseStatus() == StatusType.STOPPED).extracting(BuildPhase::phaseTypeAsString)
                .containsExactly("BUILD");
        assertThat(engine.find("codebuild/" + begun.id().split(":")[1])).isEmpty();
    }

    private Build startFromPipeline(String project, boolean privileged) {
        create(project, privileged, "");
        return Caller.get(Neighbourhood.CALLER, () -> server.codebuild().startBuild(StartBuildRequest.builder().projectName(project)
                .sourceTypeOverride(SourceType.CODEPIPELINE).sourceLocationOverride("artifacts/source/abc")
                .sourceVersion("arn:aws:s3:::artifacts/source/abc")
                .artifactsOverride(artifacts -> artifacts.type(ArtifactsType.CODEPIPELINE).location("artifacts/out/xyz").packaging("ZIP"))
                .environmentVariablesOverride(variable -> variable.name("CODEBUILD_INITIATOR").value("codepipeline/shop"),
                        variable -> variable.name("CODEBUILD_RESOLVED_SOURCE_VERSION").value("0123456789abcdef")).build())).build();
    }

    private Build start(String project, boolean privileged, String buildspec) {
        create(project, privileged, buildspec);
        return Caller.get(Neighbourhood.CALLER, () -> server.codebuild().startBuild(request -> request.projectName(project))).build();
    }

    private void create(String project, boolean privileged, String buildspec) {
        Caller.run(Neighbourhood.CALLER, () -> server.codebuild().createProject(request -> request.name(project)
                .source(source -> source.type(buildspec.isEmpty() ? SourceType.CODECOMMIT : SourceType.NO_SOURCE)
                        .location(buildspec.isEmpty() ? "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/shop" : null)
                        .buildspec(buildspec.isEmpty() ? null : buildspec))
                .artifacts(artifacts -> artifacts.type(ArtifactsType.NO_ARTIFACTS))
                .environment(environment -> environment.type("LINUX_CONTAINER").computeType("BUILD_GENERAL1_SMALL").image(IMAGE)
                        .privilegedMode(privileged).environmentVariables(variable -> variable.name("REPOSITORY_URI").value(repository)))
                .serviceRole(Neighbourhood.ROLE)));
    }

    /// The build once it is complete and nothing of it is left in the engine.
    private Build finished(Build begun) throws InterruptedException {
        Build build = until(Build::buildComplete, begun.id());
        until(_ -> engine.find("codebuild/" + begun.id().split(":")[1]).isEmpty(), begun.id());
        return build;
    }

    private Build until(Predicate<Build> condition, String id) throws InterruptedException {
        Instant deadline = time.now().plusSeconds(90);
        while (time.now().isBefore(deadline)) {
            Build build = Caller.get(Neighbourhood.CALLER, () -> server.codebuild().batchGetBuilds(request -> request.ids(id))).builds().getFirst();
            if (condition.test(build)) {
                return build;
            }
            CountDownLatch pause = new CountDownLatch(1);
            time.at(time.now().plusMillis(50), pause::countDown);
            pause.await(5, TimeUnit.SECONDS);
        }
        throw new AssertionError("did not happen within 90 seconds; log:\n" + String.join("\n", around.log()));
    }

    /// A registry that keeps archives as they came.
    private static final class Shelf implements ImageGateway {
        private final Map<String, byte[]> archives = new ConcurrentHashMap<>();

        @Override
        public boolean claims(String host) {
            return host.equals(REGISTRY);
        }

        @Override
        public void authenticate(String host, String user, String password) throws Refused {
            if (!password.equals("secret")) {
                throw new Refused("unauthorized: authentication required");
            }
        }

        @Override
        public Pushed push(String name, String tag, Optional<RegistryLogin> login, InputStream savedImage, Consumer<String> progress)
                throws Refused, IOException {
            if (login.isEmpty()) {
                throw new Refused("no basic auth credentials");
            }
            archives.put(name + ":" + tag, savedImage.readAllBytes());
            return new Pushed("sha256:" + "0".repeat(64), 1);
        }

        @Override
        public InputStream pull(String name, String reference, Optional<RegistryLogin> login) throws Refused {
            return new ByteArrayInputStream(archives.get(name + ":" + reference));
        }
    }

}
