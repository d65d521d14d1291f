package dev.viridian.wire;

import dev.viridian.aws.Principal;
import dev.viridian.engine.time.SystemTime;
import dev.viridian.engine.time.Time;
import dev.viridian.wire.auth.AccessKeys;
import dev.viridian.wire.auth.Credential;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;

/// A real Jetty on a free port with a [Wire] in it, and real SDK clients pointed at it.
final class TestServer implements AutoCloseable {
    static final String KEY = "AKIAEXAMPLE000000001";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String SESSION_KEY = "ASIAEXAMPLE000000001";
    static final String SESSION_TOKEN = "session/token+with=signs";
    static final Principal.User DEV = new Principal.User("111122223333", "dev", "AIDAEXAMPLE");

    private final Server server = new Server(new VirtualThreadPool());
    private final ServerConnector connector;
    private final SystemTime time = new SystemTime();
    final Wire wire;

    TestServer(boolean open) {
        this(open, null);
    }

    TestServer(boolean open, Time other) {
        wire = new Wire(keys(), other == null ? time : other, open ? WireOptions.open("000000000000", "us-east-1")
                : WireOptions.verifying("000000000000", "us-east-1"));
        connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(wire);
    }

    static AccessKeys keys() {
        return id -> switch (id) {
            case KEY -> Optional.of(new Credential(SECRET, DEV, "111122223333"));
            case SESSION_KEY -> Optional.of(new Credential(SECRET, Optional.of(SESSION_TOKEN),
                    new Principal.RoleSession("111122223333", "deployer", "AROAEXAMPLE", "s"), "111122223333", Optional.of(Instant.MAX)));
            case "ASIAEXPIRED000000001" -> Optional.of(new Credential(SECRET, Optional.of(SESSION_TOKEN),
                    new Principal.RoleSession("111122223333", "deployer", "AROAEXAMPLE", "s"), "111122223333", Optional.of(Instant.EPOCH)));
            default -> Optional.empty();
        };
    }

    TestServer start() {
        try {
            server.start();
            return this;
        } catch (Exception e) {
            throw new IllegalStateException("the test server does not start", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
        return client(builder, AwsBasicCredentials.create(KEY, SECRET));
    }

    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder, AwsCredentials credentials) {
        return builder.endpointOverride(uri()).region(Region.EU_WEST_1).credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(ClientOverrideConfiguration.builder().retryStrategy(DefaultRetryStrategy.doNotRetry()).build())
                .build();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the test server does not stop", e);
        }
        time.close();
    }
}
