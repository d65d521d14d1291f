package dev.viridian.git;

import dev.viridian.git.GitAccess.Decision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A git host in a process of its own, which can be killed and has little memory. It serves `/<id>` to everybody and dies when it is to record
/// `refs/heads/deadly`.
final class GitServerProcess implements AutoCloseable {
    private static final String HEAP = "-Xmx48m";
    private final Process process;
    private final int port;

    GitServerProcess(Path folder) {
        try {
            process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), HEAP, "-XX:+UseSerialGC", "-cp",
                    System.getProperty("java.class.path"), GitServerProcess.class.getName(), folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            port = Integer.parseInt(output.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url(String id) {
        return "http://127.0.0.1:" + port + "/" + id;
    }

    /// As `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        GitRepositories repositories = GitRepositories.open(Path.of(arguments[0]));
        repositories.find("shop").orElseGet(() -> repositories.create("shop"));
        QueuedThreadPool threads = new QueuedThreadPool(20);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Server server = new Server(threads);
        server.addConnector(new ServerConnector(server));
        server.setHandler(new GitHost(repositories, attempt -> new Decision.Admitted(attempt.path().substring(1), "anybody", RefGuard.NONE),
                push -> dieIf(push.updates()), GitLimits.DEFAULT));
        server.start();
        System.out.println(((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    private static void dieIf(List<RefUpdate> updates) {
        if (updates.stream().anyMatch(update -> update.ref().equals("refs/heads/deadly"))) {
            Runtime.getRuntime().halt(9);
        }
    }
}
