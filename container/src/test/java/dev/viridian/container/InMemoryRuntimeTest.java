package dev.viridian.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.container.ContainerException.CannotStart;
import dev.viridian.container.ContainerException.NoEngine;
import dev.viridian.container.ContainerState.Exited;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.memory.InMemoryRuntime;
import dev.viridian.container.memory.Program;
import dev.viridian.container.memory.ScriptedProcess;
import dev.viridian.engine.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract, held by the scripted runtime, and what only it can do.
class InMemoryRuntimeTest extends ContainerRuntimeContract {
    private final VirtualTime time = new VirtualTime();
    private final InMemoryRuntime memory = new InMemoryRuntime(time)
            .image("sleeper:1", InMemoryRuntimeTest::sleep)
            .image("greeter:1", Program.prints("hello", "", "world").then(process -> process.error("oh dear")).then(Program.exits(3)))
            .image("eater:1", Program.runsOutOfMemory(Duration.ofMillis(10)));

    private static void sleep(ScriptedProcess process) {
        process.spec().entrypoint().filter(entrypoint -> !entrypoint.equals(List.of("/pause"))).ifPresent(entrypoint -> {
            throw new CannotStart("start container " + process.spec().identity(), "exec: " + entrypoint.getFirst() + ": no such file");
        });
        process.onExec(_ -> new ExecResult(0, "hi\n", ""));
        process.after(Duration.ofMillis(200), () -> process.health(Health.HEALTHY));
    }

    @Override
    ContainerRuntime runtime() {
        return memory;
    }

    @Override
    String sleeper() {
        return "sleeper:1";
    }

    @Override
    String greeter() {
        return "greeter:1";
    }

    @Override
    String eater() {
        return "eater:1";
    }

    @Override
    void pass(Duration span) {
        time.advance(span);
    }

    @Test
    void a_program_ends_when_its_time_has_come() {
        memory.image("job:1", Program.exits(1, Duration.ofMinutes(5)));
        ContainerState job = memory.start(memory.ensureContainer(ContainerSpec.of("job", "job:1").build()).id());
        time.advance(Duration.ofMinutes(4));
        assertThat(memory.inspect(job.id()).orElseThrow().running()).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(memory.inspect(job.id()).orElseThrow().phase()).isEqualTo(new Exited(1, false, ""));
    }

    @Test
    void a_program_that_ignores_its_stop_signal_is_killed() {
        memory.image("stubborn:1", Program.ignoresStop());
        ContainerState stubborn = memory.start(memory.ensureContainer(ContainerSpec.of("stubborn", "stubborn:1").build()).id());
        assertThat(memory.stop(stubborn.id(), Duration.ofSeconds(30)).phase()).isEqualTo(new Exited(137, false, ""));
    }

    @Test
    void an_engine_that_is_away_says_what_was_tried() {
        memory.goAway();
        assertThatThrownBy(() -> memory.inspect("any")).isInstanceOf(NoEngine.class).hasMessageContaining("no container engine: tried memory");
        memory.comeBack();
        assertThat(memory.inspect("any")).isEmpty();
    }

    @Test
    void images_can_wait_in_a_registry() {
        memory.remoteImage("far/away:1", Program.runs());
        assertThat(memory.images().find("far/away:1")).isEmpty();
        memory.images().pull("far/away:1", java.util.Optional.empty(), _ -> {});
        assertThat(memory.images().find("far/away:1")).isPresent();
    }
}
