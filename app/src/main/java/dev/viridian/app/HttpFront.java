package dev.viridian.app;

import dev.viridian.app.tls.CertificateAuthority;
import dev.viridian.app.tls.NamedKeys;
import dev.viridian.engine.time.Time;
import dev.viridian.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.VirtualThreads;

/// The one port: HTTP and, told apart by the first byte of a connection, HTTPS with certificates of our own authority.
public final class HttpFront implements AutoCloseable {
    private static final int IDLE_MILLIS = 120_000;

    private final Server server;
    private final SSLContext tls;
    /// Bound from the beginning; the server starts and stops them only from [#serve] on.
    private final List<ServerConnector> bound = new ArrayList<>();

    /// Binds the port, so that it is known and ours. Who calls waits for [#serve] in the socket's backlog.
    ///
    /// @throws PortTaken when somebody else listens there
    public HttpFront(Settings settings, CertificateAuthority authority, Time time) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("viridian-http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        this.server = new Server(threads);
        this.tls = context(authority, time);
        server.setStopTimeout(2_000);
        try {
            bind(settings.address(), settings.port());
        } catch (IOException e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new PortTaken(settings.address(), settings.port(), e);
            }
            throw new UncheckedIOException("Could not listen on " + settings.address() + ":" + settings.port(), e);
        }
    }

    /// Binds the same port of the address under which containers see this machine, too; not reachable from elsewhere. Before [#serve]. False when the
    /// address cannot be bound, e.g. because the engine runs in a virtual machine and brings its own way here.
    public boolean alsoBind(InetAddress address) {
        try {
            bind(address.getHostAddress(), port());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Gets ready to answer, which takes a while and may be done beside something else.
    public void prepare(Handler handler) {
        server.setHandler(handler);
        starting(server);
    }

    /// Answers from now on, first of all those who waited.
    public void serve() {
        for (ServerConnector connector : bound) {
            server.addConnector(connector);
            starting(connector);
        }
    }

    private static void starting(LifeCycle part) {
        try {
            part.start();
        } catch (Exception e) {
            throw new IllegalStateException("Could not start the HTTP server: " + e.getMessage(), e);
        }
    }

    public int port() {
        return bound.getFirst().getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Could not stop the HTTP server: " + e.getMessage(), e);
        } finally {
            bound.forEach(ServerConnector::close);
        }
    }

    /// Somebody else listens where we were to.
    public static final class PortTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PortTaken(String address, int port, Throwable cause) {
            super("Could not listen on " + address + ":" + port + ": another process does. Stop it, or choose another port with --port.", cause);
        }
    }

    private void bind(String address, int port) throws IOException {
        HttpConnectionFactory plain = new HttpConnectionFactory(Wire.prepare(new HttpConfiguration()));
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setSslContext(tls);
        keys.setSniRequired(false);
        DetectorConnectionFactory either = new DetectorConnectionFactory(new SslConnectionFactory(keys, plain.getProtocol()));
        ServerConnector connector = new ServerConnector(server, 1, 1, either, plain);
        connector.setHost(address);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.open();
        bound.add(connector);
    }

    private static SSLContext context(CertificateAuthority authority, Time time) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            List<String> own = List.of("localhost", "*.localhost", "viridian.internal", "host.docker.internal", "127.0.0.1");
            context.init(new KeyManager[] {new NamedKeys(authority, own, time)}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java can make a TLS context", e);
        }
    }
}
