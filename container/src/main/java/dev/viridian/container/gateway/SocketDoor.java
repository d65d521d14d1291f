package dev.viridian.container.gateway;

import dev.viridian.container.http.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A listening unix socket; each connection carries one request, on a virtual thread of its own.
final class SocketDoor implements Door {
    private static final Logger LOG = LoggerFactory.getLogger(SocketDoor.class);
    private final Path socket;
    private final ServerSocketChannel listener;
    private final Set<Link> open = ConcurrentHashMap.newKeySet();

    private SocketDoor(Path socket, ServerSocketChannel listener) {
        this.socket = socket;
        this.listener = listener;
    }

    static SocketDoor open(Path socket, Porter porter, Tenant tenant) throws IOException {
        Files.createDirectories(socket.getParent());
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        SocketDoor door = new SocketDoor(socket, listener);
        Thread.ofVirtual().name("door of " + tenant.name()).start(() -> door.accept(porter));
        return door;
    }

    private void accept(Porter porter) {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                Thread.ofVirtual().name("request at " + socket).start(() -> serve(porter, Link.over(channel)));
            }
        } catch (ClosedChannelException _) {
            LOG.debug("The door {} is closed.", socket);
        } catch (IOException e) {
            LOG.error("The door {} accepts nobody any more.", socket, e);
        }
    }

    private void serve(Porter porter, Link client) {
        open.add(client);
        try (client) {
            porter.attend(client);
        } catch (IOException e) {
            LOG.debug("A connection at {} broke: {}", socket, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("A request at {} failed.", socket, e);
        } finally {
            open.remove(client);
        }
    }

    @Override
    public Path socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Link link : open) {
                link.close();
            }
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("could not close the socket " + socket, e);
        }
    }
}
