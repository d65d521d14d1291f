package dev.viridian.container.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.container.ContainerException;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.ContainerState;
import dev.viridian.container.Images.RegistryLogin;
import dev.viridian.container.PauseImage;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.engine.time.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The docker command line, before a door.
class EngineGatewayTest {
    private static final String HOST = "registry.viridian.test";
    private final DockerEngine engine = DockerEngine.discover(new SystemTime());
    private final String repository = HOST + "/shop-" + UUID.randomUUID();
    private final Tenant tenant = new Tenant("build", Map.of("dev.viridian.test", UUID.randomUUID().toString()));
    private final Shelf shelf = new Shelf();
    private Door door;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws Exception {
        try {
            engine.engine();
        } catch (ContainerException.NoEngine e) {
            Assumptions.abort("skipped, because " + e.getMessage());
        }
        Assumptions.assumeTrue(hasDocker(), "skipped, because there is no docker command line");
        door = new EngineGateway(engine, shelf).open(Files.createTempDirectory("vgw").resolve("docker.sock"), tenant);
        PauseImage.ensure(engine);
    }

    @AfterEach
    void close() {
        if (door != null) {
            door.close();
            engine.list(tenant.labels()).forEach(container -> engine.remove(container.id()));
            engine.images().remove(repository + ":1");
            engine.images().remove(repository + ":2");
        }
    }

    @Test
    void login_push_and_pull_of_a_claimed_registry_never_leave_this_process() throws Exception {
        assertThat(docker("tag", PauseImage.NAME, repository + ":1").exitCode()).isZero();
        assertThat(docker("push", repository + ":1").output()).contains("no basic auth credentials");
        assertThat(docker("login", "-u", "AWS", "-p", "wrong", HOST).output()).contains("unauthorized");
        assertThat(docker("login", "-u", "AWS", "-p", "secret", "https://" + HOST).output()).contains("Login Succeeded");

        assertThat(docker("push", repository + ":1").output()).contains("1: digest: sha256:");
        String id = engine.images().find(repository + ":1").orElseThrow().id();
        engine.images().remove(repository + ":1");
        Result pulled = docker("pull", repository + ":1");

        assertThat(pulled.output()).contains("Status: Downloaded newer image for " + repository + ":1");
        assertThat(engine.images().find(repository + ":1").orElseThrow().id()).isEqualTo(id);
        assertThat(docker("pull", repository + ":7").output()).contains("Requested image not found");
    }

    @Test
    void a_build_starts_from_an_image_that_only_the_registry_has() throws Exception {
        docker("tag", PauseImage.NAME, repository + ":1");
        docker("login", "-u", "AWS", "-p", "secret", HOST);
        docker("push", repository + ":1");
        engine.images().remove(repository + ":1");
        Files.writeString(folder.resolve("Dockerfile"), "FROM " + repository + ":1\nLABEL made=here\n");

        Result built = docker("build", "-t", repository + ":2", folder.toString());

        assertThat(built.output()).contains("Successfully tagged " + repository + ":2");
        assertThat(engine.images().find(repository + ":2").orElseThrow().labels()).containsEntry("made", "here");
    }

    @Test
    void containers_of_others_do_not_exist_and_own_ones_are_labelled() throws Exception {
        Map<String, String> others = Map.of("dev.viridian.test", UUID.randomUUID().toString());
        ContainerState other = engine.ensureContainer(ContainerSpec.of(UUID.randomUUID().toString(), PauseImage.NAME).labels(others).build());
        try {
            assertThat(docker("inspect", other.id()).output()).contains("No such");
            assertThat(docker("rm", "-f", other.id()).output()).contains("No such container");
            assertThat(docker("run", "-d", PauseImage.NAME).exitCode()).isZero();
            assertThat(docker("ps", "-aq").output().lines().filter(line -> line.matches("[0-9a-f]{12}"))).hasSize(1);
            assertThat(engine.list(tenant.labels())).hasSize(1);
            assertThat(docker("run", "--privileged", PauseImage.NAME).output()).contains("privileged containers cannot be started in builds");
            assertThat(docker("run", "-v", "/etc:/x", PauseImage.NAME).output()).contains("the host path /etc cannot be mounted");
            assertThat(docker("run", "--network", "container:" + other.id(), PauseImage.NAME).output()).contains("No such container");
        } finally {
            engine.remove(other.id());
        }
    }

    @Test
    void upgraded_streams_pass_in_both_directions() throws Exception {
        Process run = process("run", "-i", "--rm", "--entrypoint", "/pause", PauseImage.NAME);
        assertThat(run.waitFor(1, TimeUnit.SECONDS)).isFalse();
        docker("kill", docker("ps", "-q").output().strip());
        assertThat(run.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(137);
    }

    private record Result(int exitCode, String output) {}

    private Result docker(String... arguments) throws Exception {
        Process process = process(arguments);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), output);
    }

    private Process process(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("docker");
        builder.command().addAll(java.util.List.of(arguments));
        builder.environment().putAll(Map.of("DOCKER_HOST", "unix://" + door.socket(), "DOCKER_CONFIG", folder.resolve("config").toString(),
                "DOCKER_BUILDKIT", "0"));
        return builder.redirectErrorStream(true).start();
    }

    private static boolean hasDocker() throws InterruptedException {
        try {
            return new ProcessBuilder("docker", "--version").start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// A registry that keeps archives as they came.
    private static final class Shelf implements ImageGateway {
        private final Map<String, byte[]> archives = new ConcurrentHashMap<>();

        @Override
        public boolean claims(String host) {
            return host.equals(HOST);
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
            authenticate(HOST, login.get().user(), login.get().password());
            archives.put(name + ":" + tag, savedImage.readAllBytes());
            progress.accept("Pushed");
            return new Pushed("sha256:" + "0".repeat(64), 1);
        }

        @Override
        public InputStream pull(String name, String reference, Optional<RegistryLogin> login) throws Refused {
            byte[] archive = archives.get(name + ":" + reference);
            if (archive == null) {
                throw new Refused("manifest unknown: Requested image not found");
            }
            return new ByteArrayInputStream(archive);
        }
    }
}
