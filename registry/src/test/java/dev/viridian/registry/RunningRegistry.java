package dev.viridian.registry;

import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A registry on a free port with the repositories `shop`, `team/shop` and `other`, for the user `dev` with the password `secret`.
final class RunningRegistry implements AutoCloseable, RegistryAccess {
    static final ImageName SHOP = new ImageName("here", "shop");
    final Registry registry;
    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();

    RunningRegistry(Path folder) throws Exception {
        MemoryCatalog catalog = new MemoryCatalog().with(SHOP).with(new ImageName("here", "team/shop")).with(new ImageName("here", "other"));
        registry = new Registry(BlobStore.open(folder, new SystemTime(1)), catalog);
        QueuedThreadPool threads = new QueuedThreadPool(20);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        server.addConnector(new ServerConnector(server));
        server.setHandler(new RegistryHost(registry, this));
        server.start();
    }

    String host() {
        return "127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    @Override
    public Optional<ImageName> locate(String host, String path) {
        return ImageName.isRepository(path) ? Optional.of(new ImageName("here", path)) : Optional.empty();
    }

    @Override
    public Decision admit(Attempt attempt) {
        if (attempt.credentials().isEmpty()) {
            return new Decision.Unauthenticated("Basic realm=\"https://" + attempt.host() + "/\",service=\"test\"");
        }
        if (!attempt.credentials().get().equals(new Credentials("dev", "secret"))) {
            return new Decision.Refused(new RegistryException(403, "DENIED", "wrong password"));
        }
        boolean known = attempt.name().map(registry.catalog()::exists).orElse(true);
        return known ? new Decision.Admitted("tester")
                : new Decision.Refused(new RegistryException(404, "NAME_UNKNOWN", "The repository " + attempt.name().orElseThrow()
                .repository() + " does not exist"));
    }

    HttpResponse<String> send(String method, String path, byte[] body, String... headers) throws IOException {
        return sendAs("dev:secret", method, path, body, headers);
    }

    HttpResponse<String> sendAs(String credentials, String method, String path, byte[] body, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + host() + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!credentials.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the registry", e);
        }
    }

    @Override
    public void close() throws Exception {
        client.close();
        server.stop();
    }
}
