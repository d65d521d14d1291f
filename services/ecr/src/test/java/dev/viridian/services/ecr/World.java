package dev.viridian.services.ecr;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import dev.viridian.registry.BlobStore;
import dev.viridian.registry.ImageName;
import dev.viridian.registry.RegistryHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// ECR with a registry host before it, on virtual time. The user `uploader` may do everything but PutImage.
final class World implements AutoCloseable {
    static final String ACCOUNT = "111122223333";
    static final ImageName SHOP = new ImageName(ACCOUNT + "/us-east-1", "shop");
    final Store store = SqliteStore.inMemory(ShapesMapper.create());
    final VirtualTime time = new VirtualTime();
    final Ecr ecr;
    final BlobStore blobs;
    private final List<ImageEvent> told = new CopyOnWriteArrayList<>();
    private final Work work = new Work(store, time, Runnable::run);
    private final Server server;

    World(Path folder) throws Exception {
        blobs = BlobStore.open(folder, time);
        ecr = new Ecr(store, work, time, blobs, World::denial);
        ecr.follow("test", told::add);
        work.start();
        time.settle();
        QueuedThreadPool threads = new QueuedThreadPool(20);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        server.addConnector(new ServerConnector(server));
        server.setHandler(new RegistryHost(ecr.registry(), ecr.registryAccess()));
        server.start();
    }

    private static Optional<String> denial(Caller caller, String action, String arn, Optional<String> policy) {
        if (caller.principal().arn().endsWith("user/uploader") && action.equals("ecr:PutImage")) {
            return Optional.of("User: " + caller.principal().arn() + " is not authorized to perform: ecr:PutImage on resource: " + arn
                    + " because no identity-based policy allows the ecr:PutImage action");
        }
        boolean shared = policy.filter(text -> text.contains(caller.account())).isPresent();
        return shared ? Optional.empty() : EcrAuthority.OWN_ACCOUNT.denial(caller, action, arn, policy);
    }

    /// What a follower has heard, once it had the time to listen.
    List<ImageEvent> told() {
        time.settle();
        return told;
    }

    <R> R as(Supplier<R> call) {
        return as("dev", ACCOUNT, call);
    }

    <R> R as(String user, String account, Supplier<R> call) {
        return Caller.get(new Caller(account, "us-east-1", new Principal.User(account, user, "AIDA" + user), "request"), call);
    }

    World withShop() {
        as(() -> ecr.createRepository(r -> r.repositoryName("shop")));
        return this;
    }

    /// As `aws ecr get-login-password` prints it.
    String password(String user) {
        String token = as(user, ACCOUNT, () -> ecr.getAuthorizationToken(r -> { })).authorizationData().getFirst().authorizationToken();
        return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8).substring("AWS:".length());
    }

    String host() {
        return "127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /// How docker and its like name a repository here.
    String image(String repositoryAndTag) {
        return host() + "/" + ACCOUNT + "/us-east-1/" + repositoryAndTag;
    }

    @Override
    public void close() throws Exception {
        server.stop();
        work.close();
        store.close();
    }
}
