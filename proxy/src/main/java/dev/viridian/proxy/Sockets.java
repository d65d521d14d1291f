package dev.viridian.proxy;

import dev.viridian.proxy.routing.Listener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The server sockets. Called by one thread at a time.
final class Sockets {
    private final Loops loops;
    private final boolean substitutePorts;
    private final Map<PortKey, PortSocket> open = new HashMap<>();

    Sockets(Loops loops, boolean substitutePorts) {
        this.loops = loops;
        this.substitutePorts = substitutePorts;
    }

    void closeAllBut(Set<PortKey> wanted) {
        open.entrySet().removeIf(entry -> {
            boolean vanished = !wanted.contains(entry.getKey());
            if (vanished) {
                entry.getValue().close();
            }
            return vanished;
        });
    }

    /// Opens what is not open yet; what failed before is tried again.
    void open(Set<PortKey> wanted) {
        for (PortKey key : wanted) {
            PortSocket socket = open.computeIfAbsent(key, each -> new PortSocket(each, loops));
            if (socket.port() == 0) {
                bind(socket);
            }
        }
    }

    private void bind(PortSocket socket) {
        PortKey key = socket.key();
        socket.problem("");
        for (int port : candidates(key.port())) {
            ChannelFuture bound = loops.bind(new InetSocketAddress(key.address(), port), socket.initializer()).awaitUninterruptibly();
            if (bound.isSuccess()) {
                Channel channel = bound.channel();
                socket.bound(channel, ((InetSocketAddress) channel.localAddress()).getPort());
                return;
            }
            if (socket.problem().isEmpty()) {
                socket.problem("port " + key.port() + " of " + key.address() + " cannot be bound: " + bound.cause().getMessage());
            }
        }
    }

    /// The wanted port; then, if allowed, one that reminds of it (80 becomes 8080, 443 becomes 8443, 3000 becomes 13000); then any.
    private int[] candidates(int wanted) {
        if (!substitutePorts || wanted == 0) {
            return new int[] {wanted};
        }
        int near = wanted < 1024 ? wanted + 8000 : wanted + 10000;
        return IntStream.of(wanted, near, 0).filter(port -> port <= 65535).toArray();
    }

    List<Binding> bindings(List<Listener> listeners) {
        List<Binding> bindings = new ArrayList<>();
        for (Listener listener : listeners) {
            for (String address : listener.addresses()) {
                PortSocket socket = open.get(PortKey.of(listener, address));
                if (socket != null) {
                    bindings.add(new Binding(listener.id(), listener.protocol(), address, listener.port(), socket.port(), socket.problem()));
                }
            }
        }
        return bindings;
    }
}
