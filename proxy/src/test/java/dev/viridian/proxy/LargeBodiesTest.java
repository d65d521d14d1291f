package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of megabytes, which the kernel moves from socket to socket where it can (epoll), and which are copied elsewhere (NIO): nobody sees a difference.
@ParameterizedClass(name = "on epoll: {0}")
@ValueSource(booleans = {true, false})
class LargeBodiesTest {
    private static final int LENGTH = 6_000_000;
    private static final String ASK = "GET /big HTTP/1.1\r\nHost: example.test\r\n\r\n";
    private static final String UPLOAD = "POST /up HTTP/1.1\r\nHost: example.test\r\nContent-Length: " + LENGTH + "\r\n\r\n";
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n";
    private static final String SMALL = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmall";

    private final Rig rig;
    private final ManualTarget target = new ManualTarget("target");
    private final byte[] body = new byte[LENGTH];
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    LargeBodiesTest(boolean epoll) {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withNativeTransport(epoll).withLoops(1));
        new Random(7).nextBytes(body);
        if (epoll) {
            Rig.eventually(rig::hasPipes);
        }
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
        target.close();
        threads.shutdownNow();
    }

    private int serve() {
        return rig.serve(Rig.listener("front", Action.Forward.to("group")),
                TargetGroup.http("group", HealthCheck.NONE, List.of(new Target("target", "127.0.0.1", target.port()))));
    }

    private Future<Wire> meanwhile(Callable<Wire> sending) {
        return threads.submit(sending);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void an_answer_arrives_unchanged_and_its_connections_go_on() throws Exception {
        int port = serve();
        try (Wire client = new Wire(port).send(ASK); Wire accepted = target.accept()) {
            accepted.readHead();
            Future<Wire> answering = meanwhile(() -> accepted.send(HEAD).send(body));
            assertThat(bytes(client.read().body())).isEqualTo(body);
            answering.get();

            client.send(ASK);
            accepted.readHead();
            accepted.send(SMALL);
            assertThat(client.read().body()).isEqualTo("small");
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
        assertThat(rig.front().bytesOut()).isBetween((long) LENGTH, (long) LENGTH + 500);
    }

    @Test
    void a_client_that_reads_slowly_gets_all_of_it() throws Exception {
        int port = serve();
        Socket narrow = new Socket();
        narrow.setReceiveBufferSize(4096);
        try (Wire client = new Wire(narrow, "127.0.0.1", port).send(ASK); Wire accepted = target.accept()) {
            accepted.readHead();
            Future<Wire> answering = meanwhile(() -> accepted.send(HEAD).send(body));
            assertThat(bytes(client.read().body())).isEqualTo(body);
            answering.get();
        }
    }

    @Test
    void what_comes_behind_an_answer_is_nobodys() throws Exception {
        int port = serve();
        try (Wire client = new Wire(port).send(ASK)) {
            try (Wire accepted = target.accept()) {
                accepted.readHead();
                Future<Wire> answering = meanwhile(() -> accepted.send(HEAD).send(Arrays.copyOf(body, LENGTH + 1000)));
                assertThat(bytes(client.read().body())).isEqualTo(body);
                answering.get();
                assertThat(accepted.closed()).isTrue();
            }
            client.send(ASK);
            try (Wire another = target.accept()) {
                another.readHead();
                another.send(SMALL);
                assertThat(client.read().body()).isEqualTo("small");
            }
        }
    }

    @Test
    void an_answer_that_breaks_off_arrives_broken() throws Exception {
        int port = serve();
        try (Wire client = new Wire(port).send(ASK)) {
            try (Wire accepted = target.accept()) {
                accepted.readHead();
                Future<Wire> answering = meanwhile(() -> {
                    accepted.send(HEAD).send(Arrays.copyOf(body, LENGTH / 2)).close();
                    return accepted;
                });
                assertThatThrownBy(client::read).isInstanceOf(IOException.class);
                answering.get();
            }
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    @Test
    void a_client_that_leaves_ends_its_answer_at_the_target() throws Exception {
        int port = serve();
        try (Wire accepted = leftBehind(port)) {
            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    accepted.send(body);
                }
            }).isInstanceOf(IOException.class);
        }
        Rig.eventually(() -> rig.counts("group").inFlight() == 0);
    }

    private Wire leftBehind(int port) throws IOException {
        try (Wire client = new Wire(port).send(ASK)) {
            Wire accepted = target.accept();
            accepted.readHead();
            accepted.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n").send(new byte[100_000]);
            client.readText(100_000);
            client.reset();
            return accepted;
        }
    }

    @Test
    void an_upload_arrives_unchanged_and_the_request_behind_it_is_read() throws Exception {
        int port = serve();
        try (Wire client = new Wire(port)) {
            Future<Wire> sending = meanwhile(() -> client.send(UPLOAD).send(body).send(ASK));
            try (Wire accepted = target.accept()) {
                accepted.readHead();
                assertThat(bytes(accepted.readText(LENGTH))).isEqualTo(body);
                accepted.send(SMALL);
                assertThat(client.read().body()).isEqualTo("small");
                assertThat(accepted.readHead()).startsWith("GET /big ");
                accepted.send(SMALL);
                assertThat(client.read().body()).isEqualTo("small");
            }
            sending.get();
        }
        assertThat(rig.front().bytesIn()).isBetween((long) LENGTH, (long) LENGTH + 500);
    }

    @Test
    void a_target_that_reads_slowly_gets_all_of_an_upload() throws Exception {
        try (ServerSocket narrow = new ServerSocket()) {
            narrow.setReceiveBufferSize(4096);
            narrow.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            int port = rig.serve(Rig.listener("front", Action.Forward.to("group")),
                    TargetGroup.http("group", HealthCheck.NONE, List.of(new Target("target", "127.0.0.1", narrow.getLocalPort()))));
            try (Wire client = new Wire(port)) {
                Future<Wire> sending = meanwhile(() -> client.send(UPLOAD).send(body));
                try (Wire accepted = new Wire(narrow.accept(), "", 0)) {
                    accepted.readHead();
                    assertThat(bytes(accepted.readText(LENGTH))).isEqualTo(body);
                    accepted.send(SMALL);
                    assertThat(client.read().body()).isEqualTo("small");
                }
                sending.get();
            }
        }
    }

    @Test
    void a_flow_passes_unchanged_in_both_directions_at_once() throws Exception {
        int port = rig.serve(ManualTarget.listener(Action.Forward.to("group")), ManualTarget.group(target));
        try (Wire client = new Wire(port); Wire accepted = target.accept()) {
            Future<Wire> up = meanwhile(() -> ending(client.send(body)));
            Future<Wire> down = meanwhile(() -> ending(accepted.send(body)));
            Future<String> atTarget = threads.submit(accepted::readRest);
            assertThat(bytes(client.readRest())).isEqualTo(body);
            assertThat(bytes(atTarget.get())).isEqualTo(body);
            up.get();
            down.get();
        }
        Rig.eventually(() -> rig.front().activeConnections() == 0);
        assertThat(rig.front().bytesIn()).isEqualTo(LENGTH);
        assertThat(rig.front().bytesOut()).isEqualTo(LENGTH);
    }

    private static Wire ending(Wire sent) throws IOException {
        sent.endOutput();
        return sent;
    }
}
