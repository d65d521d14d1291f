package dev.viridian.container.memory;

import dev.viridian.container.ContainerException.CannotStart;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.ExecResult;
import java.time.Duration;
import java.util.List;

/// What the first process of a container does: called when the container starts, on the thread that starts it.
///
/// Throwing [CannotStart] is a start that failed. Otherwise the container runs until the program, then or later, calls
/// [ScriptedProcess#exit].
@FunctionalInterface
public interface Program {

    void start(ScriptedProcess process);

    /// Both, one after the other: `Program.prints("up").then(Program.exits(1, ofSeconds(5)))`.
    default Program then(Program next) {
        return process -> {
            start(process);
            next.start(process);
        };
    }

    /// Runs until told to stop; healthy at once where a health check is asked for.
    static Program runs() {
        return process -> process.health(Health.HEALTHY);
    }

    /// Runs, and becomes healthy only after a while.
    static Program healthyAfter(Duration delay) {
        return process -> process.after(delay, () -> process.health(Health.HEALTHY));
    }

    /// Runs, and is found unhealthy after a while.
    static Program unhealthyAfter(Duration delay) {
        return process -> process.after(delay, () -> process.health(Health.UNHEALTHY));
    }

    static Program prints(String... lines) {
        return process -> List.of(lines).forEach(process::print);
    }

    static Program exits(int code) {
        return process -> process.exit(code);
    }

    static Program exits(int code, Duration after) {
        return process -> process.after(after, () -> process.exit(code));
    }

    static Program runsOutOfMemory(Duration after) {
        return process -> process.after(after, process::runOutOfMemory);
    }

    /// Does not listen to its stop signal and is killed when the grace is over.
    static Program ignoresStop() {
        return process -> process.onStop(() -> {});
    }

    static Program failsToStart(String reason) {
        return process -> {
            throw new CannotStart("start container " + process.spec().identity(), reason);
        };
    }

    /// Answers every command run beside it in the same way.
    static Program answersExec(int exitCode, String stdout) {
        return process -> process.onExec(_ -> new ExecResult(exitCode, stdout, ""));
    }
}
