package dev.viridian.git;

import dev.viridian.git.GitAccess.Decision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A git host on a free port. `/open/<id>` lets everybody in, `/closed/<id>` only `dev` with the password `secret`.
final class RunningGitHost implements AutoCloseable, PushListener {
    final GitRepositories repositories;
    final List<Push> pushes = new CopyOnWriteArrayList<>();
    private final Server server;

    RunningGitHost(Path folder) throws Exception {
        this(folder, GitLimits.DEFAULT);
    }

    RunningGitHost(Path folder, GitLimits limits) throws Exception {
        repositories = GitRepositories.open(folder);
        QueuedThreadPool threads = new QueuedThreadPool(20);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        server.addConnector(new ServerConnector(server));
        server.setHandler(new GitHost(repositories, RunningGitHost::admit, this, limits));
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + path;
    }

    String url(String path, String user, String password) {
        return url(path).replace("http://", "http://" + user + ":" + password + "@");
    }

    private static Optional<String> refuse(RefUpdate update) {
        return update.ref().equals("refs/heads/protected") ? Optional.of("nobody may touch it") : Optional.empty();
    }

    @Override
    public void moved(Push push) {
        if (push.updates().getFirst().ref().equals("refs/heads/unrecordable")) {
            throw new IllegalStateException("the disk of the record is full");
        }
        pushes.add(push);
    }

    @Override
    public void close() throws Exception {
        server.stop();
        repositories.close();
    }

    private static Decision admit(GitAccess.Attempt attempt) {
        String id = attempt.path().substring(attempt.path().lastIndexOf('/') + 1);
        if (attempt.path().startsWith("/open/")) {
            return new Decision.Admitted(id, "anybody", RunningGitHost::refuse);
        }
        if (!attempt.path().startsWith("/closed/")) {
            return new Decision.NotFound("nothing at " + attempt.path());
        }
        return attempt.credentials().<Decision>map(given -> given.user().equals("dev") && given.password().equals("secret")
                ? new Decision.Admitted(id, given.user(), RefGuard.NONE) : new Decision.Forbidden("wrong password"))
                .orElseGet(() -> new Decision.Unauthenticated("git"));
    }
}
