package dev.viridian.container;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.container.ContainerException.CannotStart;
import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ContainerException.NetworkConflict;
import dev.viridian.container.ContainerException.NotFound;
import dev.viridian.container.ContainerException.PortTaken;
import dev.viridian.container.ContainerException.WrongPhase;
import dev.viridian.container.ContainerState.Created;
import dev.viridian.container.ContainerState.Exited;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.LogLine.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every container runtime promises. A new one is done when this passes for it.
abstract class ContainerRuntimeContract {
    private static final AtomicInteger SUBNETS = new AtomicInteger((int) (ProcessHandle.current().pid() % 200));
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String run = UUID.randomUUID().toString();
    private ContainerRuntime runtime;

    /// A runtime that holds images which sleep (`sleeper`, with `/hello` to execute), print and exit with 3 (`greeter`), and eat memory (`eater`).
    abstract ContainerRuntime runtime();

    abstract String sleeper();

    abstract String greeter();

    abstract String eater();

    /// Lets things happen: virtual clocks are moved, real ones move by themselves.
    void pass(Duration span) {}

    @BeforeEach
    void connect() {
        runtime = runtime();
    }

    @AfterEach
    void nothing_is_left() {
        runtime.list(mine()).forEach(container -> runtime.remove(container.id()));
        runtime.networks(mine()).forEach(network -> runtime.removeNetwork(network.name()));
        assertThat(runtime.list(mine())).isEmpty();
    }

    private Map<String, String> mine() {
        return Map.of("dev.viridian.test", run);
    }

    private ContainerSpec.Builder container(String name, String image) {
        return ContainerSpec.of(run + "/" + name, image).labels(mine());
    }

    private ContainerState started(ContainerSpec.Builder spec) {
        return runtime.start(runtime.ensureContainer(spec.build()).id());
    }

    @Test
    void an_identity_is_created_once_and_found_again() {
        ContainerState first = runtime.ensureContainer(container("one", sleeper()).build());
        ContainerState second = runtime.ensureContainer(container("one", sleeper()).build());

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(first.phase()).isEqualTo(new Created());
        assertThat(runtime.find(run + "/one")).map(ContainerState::id).contains(first.id());
        assertThat(runtime.list(mine())).extracting(ContainerState::identity).containsExactly(run + "/one");
    }

    @Test
    void different_identities_with_the_same_readable_part_are_different_containers() {
        ContainerState one = runtime.ensureContainer(container("a b", sleeper()).build());
        ContainerState other = runtime.ensureContainer(container("a+b", sleeper()).build());

        assertThat(one.id()).isNotEqualTo(other.id());
    }

    @Test
    void starting_what_runs_and_stopping_what_stands_change_nothing() {
        ContainerState state = started(container("one", sleeper()));
        assertThat(runtime.start(state.id()).running()).isTrue();
        assertThat(runtime.start(state.id()).startedAt()).isEqualTo(state.startedAt());

        ContainerState stopped = runtime.stop(state.id(), GRACE);
        assertThat(stopped.phase()).isInstanceOf(Exited.class);
        assertThat(runtime.stop(state.id(), GRACE).finishedAt()).isEqualTo(stopped.finishedAt());
    }

    @Test
    void removing_is_final_and_may_be_repeated() {
        ContainerState state = started(container("one", sleeper()));
        runtime.remove(state.id());
        runtime.remove(state.id());

        assertThat(runtime.inspect(state.id())).isEmpty();
        assertThatThrownBy(() -> runtime.start(state.id())).isInstanceOf(NotFound.class);
    }

    @Test
    void a_program_that_ends_leaves_its_exit_code_and_its_lines() throws Exception {
        ContainerState state = started(container("greeter", greeter()));
        runtime.follow(state.id(), Instant.EPOCH, _ -> {}).ended().get(20, SECONDS);

        assertThat(runtime.inspect(state.id()).orElseThrow().phase()).isEqualTo(new Exited(3, false, ""));
        List<LogLine> lines = runtime.logs(state.id(), Instant.EPOCH, 100);
        assertThat(lines).filteredOn(line -> line.stream() == Stream.STDOUT).extracting(LogLine::text).containsExactly("hello", "", "world");
        assertThat(lines).filteredOn(line -> line.stream() == Stream.STDERR).extracting(LogLine::text).containsExactly("oh dear");
    }

    @Test
    void following_resumes_after_the_last_line_that_was_kept() throws Exception {
        ContainerState state = started(container("greeter", greeter()));
        LinkedBlockingQueue<LogLine> all = new LinkedBlockingQueue<>();
        runtime.follow(state.id(), Instant.EPOCH, all::add).ended().get(20, SECONDS);
        List<LogLine> ordered = all.stream().sorted(java.util.Comparator.comparing(LogLine::at)).toList();

        LinkedBlockingQueue<LogLine> rest = new LinkedBlockingQueue<>();
        runtime.follow(state.id(), ordered.get(1).at(), rest::add).ended().get(20, SECONDS);

        assertThat(rest).containsExactlyInAnyOrderElementsOf(ordered.subList(2, ordered.size()));
    }

    @Test
    void closing_a_follower_ends_it_while_the_container_runs() throws Exception {
        ContainerState state = started(container("one", sleeper()));
        Following following = runtime.follow(state.id(), Instant.EPOCH, _ -> {});
        assertThat(following.ended()).isNotDone();

        following.close();

        following.ended().get(20, SECONDS);
    }

    @Test
    void an_unknown_image_is_said_to_be_missing() {
        assertThatThrownBy(() -> runtime.ensureContainer(container("one", "viridian-test/no-such-image:1").build()))
                .isInstanceOf(ImageNotFound.class).hasMessageContaining("viridian-test/no-such-image");
        assertThat(runtime.images().find("viridian-test/no-such-image:1")).isEmpty();
    }

    @Test
    void a_missing_program_cannot_start_and_leaves_the_container_created() {
        ContainerState state = runtime.ensureContainer(container("one", sleeper()).entrypoint(List.of("/no/such/program")).build());

        assertThatThrownBy(() -> runtime.start(state.id())).isInstanceOf(CannotStart.class).hasMessageContaining("/no/such/program");
        assertThat(runtime.inspect(state.id()).orElseThrow().phase()).isEqualTo(new Created());
    }

    @Test
    void a_container_joins_the_network_namespace_of_another() {
        Network network = runtime.ensureNetwork(network());
        ContainerState owner = started(container("owner", sleeper()).network(NetworkMode.named(network.name())).port(PortBinding.loopback(80)));
        ContainerState app = started(container("app", sleeper()).network(NetworkMode.of(owner.id())));

        String prefix = network.gateway().substring(0, network.gateway().lastIndexOf('.') + 1);
        assertThat(owner.address().orElseThrow()).startsWith(prefix).isNotEqualTo(network.gateway());
        assertThat(app.running()).isTrue();
        assertThat(app.addresses()).isEmpty();
        assertThat(owner.published(80).orElseThrow().hostPort()).isPositive();
        assertThat(owner.published(80).orElseThrow().hostAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void a_network_is_created_once_and_another_subnet_under_its_name_is_refused() {
        NetworkSpec spec = network();
        Network network = runtime.ensureNetwork(spec);

        assertThat(runtime.ensureNetwork(spec)).isEqualTo(network);
        assertThat(network.subnet()).isEqualTo(spec.subnet());
        assertThatThrownBy(() -> runtime.ensureNetwork(new NetworkSpec(spec.name(), "10.251.0.0/24", mine()))).isInstanceOf(NetworkConflict.class);
        assertThatThrownBy(() -> runtime.ensureNetwork(new NetworkSpec("viridian-test-" + run, spec.subnet(), mine())))
                .isInstanceOf(NetworkConflict.class);
        assertThat(runtime.networks(mine())).extracting(Network::name).containsExactly(spec.name());
    }

    @Test
    void a_taken_host_port_is_said_to_be_taken() {
        int port = started(container("one", sleeper()).port(PortBinding.loopback(80))).published(80).orElseThrow().hostPort();
        ContainerState second = runtime.ensureContainer(container("two", sleeper()).port(PortBinding.fixed(80, "127.0.0.1", port)).build());

        assertThatThrownBy(() -> runtime.start(second.id())).isInstanceOf(PortTaken.class).hasMessageContaining(String.valueOf(port));
    }

    @Test
    void a_container_over_its_memory_limit_is_killed_and_says_so() throws Exception {
        ContainerState state = started(container("eater", eater()).resources(Resources.of(16L << 20, 0)));
        pass(Duration.ofSeconds(1));
        runtime.follow(state.id(), Instant.EPOCH, _ -> {}).ended().get(20, SECONDS);

        Exited exited = runtime.inspect(state.id()).flatMap(ContainerState::exited).orElseThrow();
        assertThat(exited.exitCode()).isEqualTo(137);
        assertThat(exited.oomKilled()).isTrue();
    }

    @Test
    void a_health_check_turns_from_starting_to_healthy_and_events_tell() throws Exception {
        LinkedBlockingQueue<ContainerEvent> events = new LinkedBlockingQueue<>();
        try (Following _ = runtime.events(mine(), events::add)) {
            assertThat(events.poll(20, SECONDS)).extracting(ContainerEvent::kind).isEqualTo(ContainerEvent.Kind.RECONNECTED);
            HealthCheck check = new HealthCheck(List.of("CMD", "/hello"), Duration.ofMillis(200), Duration.ofSeconds(5), 2, Duration.ZERO);
            ContainerState state = started(container("one", sleeper()).healthCheck(check));
            assertThat(state.health()).isIn(Health.STARTING, Health.HEALTHY);
            pass(Duration.ofSeconds(1));

            assertThat(next(events, state)).isEqualTo(ContainerEvent.Kind.STARTED);
            assertThat(next(events, state)).isEqualTo(ContainerEvent.Kind.HEALTH_CHANGED);
            assertThat(runtime.inspect(state.id()).orElseThrow().health()).isEqualTo(Health.HEALTHY);
            runtime.remove(state.id());
            assertThat(next(events, state)).isEqualTo(ContainerEvent.Kind.EXITED);
            assertThat(next(events, state)).isEqualTo(ContainerEvent.Kind.REMOVED);
        }
    }

    private static ContainerEvent.Kind next(LinkedBlockingQueue<ContainerEvent> events, ContainerState state) throws InterruptedException {
        ContainerEvent event = events.poll(20, SECONDS);
        assertThat(event).isNotNull().extracting(ContainerEvent::containerId).isEqualTo(state.id());
        return event.kind();
    }

    @Test
    void a_command_runs_beside_the_first_process() {
        ContainerState state = started(container("one", sleeper()));

        assertThat(runtime.exec(state.id(), ExecSpec.of("/hello"))).isEqualTo(new ExecResult(0, "hi\n", ""));
        runtime.stop(state.id(), GRACE);
        assertThatThrownBy(() -> runtime.exec(state.id(), ExecSpec.of("/hello"))).isInstanceOf(WrongPhase.class);
    }

    @Test
    void files_go_in_before_the_start_and_come_out_again() throws IOException {
        ContainerState state = runtime.ensureContainer(container("one", sleeper()).build());
        runtime.putArchive(state.id(), "/", StaticProgram.rootFileSystem(Map.of("in/a.txt", "text".getBytes())));

        try (TarArchiveInputStream tar = new TarArchiveInputStream(runtime.getArchive(state.id(), "/in/a.txt"))) {
            assertThat(tar.getNextEntry().getName()).isEqualTo("a.txt");
            assertThat(tar.readAllBytes()).asString().isEqualTo("text");
        }
        assertThatThrownBy(() -> runtime.getArchive(state.id(), "/in/b.txt")).isInstanceOf(NotFound.class);
    }

    @Test
    void images_get_further_names_and_lose_them() throws IOException {
        String name = "viridian-test/" + run + ":2";
        runtime.images().tag(greeter(), name);
        String id = runtime.images().find(name).orElseThrow().id();
        assertThat(id).isEqualTo(runtime.images().find(greeter()).orElseThrow().id());

        try (InputStream archive = runtime.images().save(List.of(name))) {
            byte[] bytes = archive.readAllBytes();
            runtime.images().remove(name);
            assertThat(runtime.images().find(name)).isEmpty();
            assertThat(runtime.images().load(new java.io.ByteArrayInputStream(bytes))).containsExactly(name);
        }
        assertThat(runtime.images().find(name).orElseThrow().id()).isEqualTo(id);
        runtime.images().remove(name);
        assertThatThrownBy(() -> runtime.images().tag(name, "viridian-test/other:1")).isInstanceOf(ImageNotFound.class);
    }

    @Test
    void the_pause_image_is_made_on_the_spot() {
        ContainerState state = started(container("pause", PauseImage.ensure(runtime)));
        assertThat(state.running()).isTrue();
        assertThat(PauseImage.ensure(runtime)).isEqualTo(PauseImage.NAME);
    }

    @Test
    void environment_user_and_labels_arrive() {
        ContainerState state = started(container("one", sleeper()).environment("A", "1=2").label("color", "blue").name("viridian-test-" + run));

        assertThat(state.labels()).containsEntry("color", "blue");
        assertThat(state.name()).isEqualTo("viridian-test-" + run);
        assertThat(state.image()).isEqualTo(sleeper());
        assertThat(Optional.of(state.imageId())).isEqualTo(runtime.images().find(sleeper()).map(Images.Image::id));
    }

    private NetworkSpec network() {
        return new NetworkSpec("viridian-test-net-" + run, "10.252." + SUBNETS.incrementAndGet() % 256 + ".0/24", mine());
    }
}
