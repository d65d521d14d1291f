package dev.viridian.proxy;

import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A target that does nothing by itself: the test accepts each connection and has it in its own hands.
final class ManualTarget implements Closeable {
    private final String name;
    private final ServerSocket server;

    ManualTarget(String name) {
        this.name = name;
        try {
            server = new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
            server.setSoTimeout(10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next connection.
    Wire accept() throws IOException {
        Socket accepted = server.accept();
        return new Wire(accepted, "", 0);
    }

    int port() {
        return server.getLocalPort();
    }

    static Listener listener(Action action) {
        return new Listener("front", Listener.Protocol.TCP, List.of("127.0.0.1"), 0, List.of(), List.of(), action, ListenerSettings.DEFAULT,
                Optional.empty());
    }

    Target target() {
        return new Target(name, "127.0.0.1", port());
    }

    static TargetGroup group(ManualTarget... targets) {
        return group("group", Flows.DEFAULT, targets);
    }

    static TargetGroup group(String id, Flows flows, ManualTarget... targets) {
        List<Target> all = Arrays.stream(targets).map(ManualTarget::target).toList();
        TargetGroup http = TargetGroup.http(id, HealthCheck.NONE, all);
        return new TargetGroup(id, TargetGroup.Protocol.TCP, http.version(), all, http.healthCheck(), http.deregistrationDelay(), http.slowStart(),
                http.algorithm(), http.stickiness(), flows);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
