package dev.viridian.container.memory;

import dev.viridian.container.ContainerSpec;
import dev.viridian.container.ContainerState.Exited;
import dev.viridian.container.ContainerState.Health;
import dev.viridian.container.ExecResult;
import dev.viridian.container.ExecSpec;
import dev.viridian.container.LogLine.Stream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The handle by which a [Program] acts out one run of a container. What it does after the run has ended does nothing.
public final class ScriptedProcess {
    private final InMemoryRuntime runtime;
    private final MemoryContainer container;
    private Runnable stop = () -> exit(143);
    private Function<ExecSpec, ExecResult> exec = spec -> new ExecResult(127, "", spec.command().getFirst() + ": not scripted\n");

    ScriptedProcess(InMemoryRuntime runtime, MemoryContainer container) {
        this.runtime = runtime;
        this.container = container;
    }

    public ContainerSpec spec() {
        return container.spec();
    }

    public String containerId() {
        return container.id();
    }

    /// Writes one line to standard output.
    public void print(String line) {
        runtime.write(this, container, Stream.STDOUT, line);
    }

    /// Writes one line to standard error.
    public void error(String line) {
        runtime.write(this, container, Stream.STDERR, line);
    }

    public void exit(int code) {
        runtime.end(this, container, new Exited(code, false, ""));
    }

    /// As when the kernel kills what exceeds its memory limit.
    public void runOutOfMemory() {
        runtime.end(this, container, new Exited(137, true, ""));
    }

    /// The result of the health check from now on; nothing when the container has none.
    public void health(Health health) {
        runtime.health(this, container, health);
    }

    /// Does something later on the runtime's clock, unless the run has ended by then.
    public void after(Duration delay, Runnable action) {
        runtime.later(this, container, delay, action);
    }

    /// What happens on the stop signal; unless it calls [#exit], the container is killed with code 137.
    public void onStop(Runnable action) {
        stop = action;
    }

    /// What commands run in the container answer.
    public void onExec(Function<ExecSpec, ExecResult> answers) {
        exec = answers;
    }

    /// Content of a file put into the container, or written by this process.
    public Optional<byte[]> file(String path) {
        return container.files().read(path);
    }

    public void writeFile(String path, byte[] content) {
        container.files().write(path, content);
    }

    void stop() {
        stop.run();
    }

    ExecResult exec(ExecSpec spec) {
        return exec.apply(spec);
    }
}
