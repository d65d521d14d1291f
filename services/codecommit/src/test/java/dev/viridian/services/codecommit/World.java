package dev.viridian.services.codecommit;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import dev.viridian.git.GitHost;
import dev.viridian.git.GitLimits;
import dev.viridian.git.GitRepositories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/// CodeCommit with a git host before it, on virtual time. The git user `dev-at-111122223333` has the password `secret`; `reader-at-111122223333` with
/// the same password may not push; the access key `AKIAEXAMPLE` signs for us-west-2.
final class World implements AutoCloseable, GitAuthority {
    static final String ACCOUNT = "111122223333";
    final Store store = SqliteStore.inMemory(ShapesMapper.create());
    final VirtualTime time = new VirtualTime();
    private final List<RefEvent> told = new CopyOnWriteArrayList<>();
    final List<Login> logins = new CopyOnWriteArrayList<>();
    final GitRepositories git;
    private final Path folder;
    private final Server server;
    private final Caller caller = new Caller(ACCOUNT, "us-east-1", new Principal.User(ACCOUNT, "dev", "AIDAEXAMPLE"), "request");
    CodeCommit codecommit;
    private @Nullable Work work;

    World(Path folder) throws Exception {
        this.folder = folder;
        git = GitRepositories.open(folder);
        restart();
        QueuedThreadPool threads = new QueuedThreadPool(20);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        server.addConnector(new ServerConnector(server));
        server.setHandler(new GitHost(git, codecommit.gitAccess(), codecommit.pushListener(), GitLimits.DEFAULT));
        server.start();
    }

    /// As if the process had died and come up again with the same disk.
    void restart() {
        if (work != null) {
            work.close();
        }
        work = new Work(store, time, Runnable::run);
        codecommit = new CodeCommit(store, work, time, git, this);
        codecommit.follow("test", told::add);
        work.start();
        time.settle();
    }

    /// What a follower has heard, once it had the time to listen.
    List<RefEvent> told() {
        time.settle();
        return told;
    }

    <R> R as(Supplier<R> call) {
        return Caller.get(caller, call);
    }

    <R> R in(String region, Supplier<R> call) {
        return Caller.get(new Caller(ACCOUNT, region, caller.principal(), "request"), call);
    }

    /// Creates a repository with one file on `main`; the commit's id.
    String shop() {
        as(() -> codecommit.createRepository(r -> r.repositoryName("shop")));
        return put("readme", "hello", null);
    }

    String put(String path, String content, @Nullable String parent) {
        return as(() -> codecommit.putFile(r -> r.repositoryName("shop").branchName("main").filePath(path).fileContent(bytes(content))
                .parentCommitId(parent))).commitId();
    }

    static SdkBytes bytes(String text) {
        return SdkBytes.fromString(text, StandardCharsets.UTF_8);
    }

    String url(String user, String password, String name) {
        return "http://" + user + ":" + password + "@127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/v1/repos/" + name;
    }

    String url(String name) {
        return url("dev-at-111122223333", "secret", name);
    }

    Path folder() {
        return folder;
    }

    @Override
    public Optional<Identity> identify(Login login) {
        logins.add(login);
        return switch (login.user() + " " + login.password()) {
            case "dev-at-111122223333 secret" ->
                    Optional.of(new Identity(ACCOUNT, Optional.empty(), new Principal.User(ACCOUNT, "dev", "AIDAEXAMPLE")));
            case "reader-at-111122223333 secret" ->
                    Optional.of(new Identity(ACCOUNT, Optional.empty(), new Principal.User(ACCOUNT, "reader", "AIDAREADER")));
            case "AKIAEXAMPLE%token 20260101T120000Zabc" -> Optional.of(new Identity(ACCOUNT, Optional.of("us-west-2"), new Principal.Root(ACCOUNT)));
            default -> Optional.empty();
        };
    }

    @Override
    public boolean allows(Identity identity, String action, String repositoryArn, List<String> references) {
        boolean reader = identity.principal().arn().endsWith("user/reader");
        return !(reader && action.equals("codecommit:GitPush")) && !references.contains("refs/heads/frozen");
    }

    @Override
    public void close() throws Exception {
        server.stop();
        work.close();
        git.close();
        store.close();
    }
}
