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
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.VirtualThreads;

/// The one port: HTTP and, told apart by the first byte of a connection, HTTPS with certificates of our own authority.
public final class HttpFront implements AutoCloseable {
    private static final int IDLE_MILLIS = 120_000;

    private final Server server;
    private final SSLContext tls;
    private final ServerConnector main;

    /// Binds the port, so that it is known and ours; nobody is answered before [#start].
    ///
    /// @throws PortTaken when somebody else listens there
    public HttpFront(Settings settings, CertificateAuthority authority, Time time) {
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("viridian-http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        this.server = new Server(threads);
        this.tls = context(authority, time);
        this.main = listen(settings.address(), settings.port());
        server.setStopTimeout(2_000);
        try {
            main.open();
        } catch (IOException e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new PortTaken(settings.address(), settings.port(), e);
            }
            throw new UncheckedIOException("Could not listen on " + settings.address() + ":" + settings.port(), e);
        }
    }

    public void start(Handler handler) {
        server.setHandler(handler);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("Could not start the HTTP server: " + e.getMessage(), e);
        }
    }

    /// Also listens on the address under which containers see this machine, on the same port; not reachable from elsewhere. False when the address
    /// cannot be bound, e.g. because the engine runs in a virtual machine and brings its own way here.
    public boolean alsoListenOn(InetAddress address) {
        ServerConnector more = listen(address.getHostAddress(), port());
        try {
            more.start();
            return true;
        } catch (Exception e) {
            server.removeConnector(more);
            return false;
        }
    }

    public int port() {
        return main.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Could not stop the HTTP server: " + e.getMessage(), e);
        }
    }

    /// Somebody else listens where we were to.
    public static final class PortTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PortTaken(String address, int port, Throwable cause) {
            super("Could not listen on " + address + ":" + port + ": another process does. Stop it, or choose another port with --port.", cause);
        }
    }

    private ServerConnector listen(String address, int port) {
        HttpConnectionFactory plain = new HttpConnectionFactory(Wire.prepare(new HttpConfiguration()));
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setSslContext(tls);
        keys.setSniRequired(false);
        DetectorConnectionFactory either = new DetectorConnectionFactory(new SslConnectionFactory(keys, plain.getProtocol()));
        ServerConnector connector = new ServerConnector(server, 1, 1, either, plain);
        connector.setHost(address);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        return connector;
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
