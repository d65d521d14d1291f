package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Beyond what the machine can bear, the newest and the idlest give way; whoever is being served goes on being served.
class LimitsTest {
    private final List<Wire> wires = new ArrayList<>();
    private @Nullable Rig rig;

    private int serve(Limits limits, int loops) {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(loops).withLimits(limits));
        return rig.serve(rig.backend("blue").on("/endless", LimitsTest::withoutEnd));
    }

    private static boolean withoutEnd(Backend.Request request) throws IOException {
        request.out().write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        byte[] some = new byte[64 * 1024];
        while (true) {
            request.out().write(some);
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    private Wire wire(Socket socket, int port) throws IOException {
        Wire wire = new Wire(socket, "127.0.0.1", port);
        wires.add(wire);
        return wire;
    }

    @Test
    void connections_beyond_the_limit_are_turned_away_while_the_others_are_served() throws IOException {
        int port = serve(new Limits(20, 64 << 20), 2);
        for (int i = 0; i < 20; i++) {
            assertThat(wire(new Socket(), port).get("/").status()).isEqualTo(200);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(turnedAway(port)).isTrue();
        }
        Rig.eventually(() -> rig.front().rejectedConnections() == 10);
        assertThat(rig.front().newConnections()).isEqualTo(20);
        assertThat(wires.getFirst().get("/").body()).isEqualTo("blue");
        wires.get(1).close();
        Rig.eventually(() -> served(port));
    }

    private static boolean turnedAway(int port) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.closed();
        } catch (SocketException e) {
            // Reset before the connect had returned.
            return true;
        }
    }

    private static boolean served(int port) {
        try (Wire wire = new Wire(port)) {
            return wire.get("/").status() == 200;
        } catch (IOException e) {
            // Turned away, still.
            return false;
        }
    }

    @Test
    void of_clients_that_ask_and_never_read_those_are_cut_that_hold_most() throws IOException {
        int budget = 1 << 20;
        int port = serve(new Limits(1000, budget), 1);
        Wire good = wire(new Socket(), port);
        assertThat(good.get("/").body()).isEqualTo("blue");
        for (int i = 0; i < 30; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            wire(socket, port).send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        // Each of them comes to hold 64 KB at least: that is where the target is read on.
        Rig.eventually(() -> rig.front().activeConnections() <= 1 + budget / (64 * 1024));
        assertThat(good.get("/").body()).isEqualTo("blue");
        Rig.eventually(() -> served(port));
        assertThat(good.get("/").body()).isEqualTo("blue");
    }

    private static Stream<Arguments> hoards() {
        String line = "X-Line: " + "x".repeat(15_000) + "\r\n";
        String chunk = "30000\r\n" + "x".repeat(0x30000) + "\r\n0\r\n\r\n";
        return Stream.of(Arguments.of("a head that may have to be sent again", "GET /held HTTP/1.1\r\nHost: a\r\n" + line.repeat(4) + "\r\n", 60_000),
                Arguments.of("room of which one byte is taken", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "G", 60_000),
                Arguments.of("a body that a function is to get whole", "POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + chunk, 0x30000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hoards")
    void whatever_a_client_makes_the_proxy_keep_is_seen(String name, String request, int kept) throws IOException {
        int budget = 1 << 20;
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(1000, budget)));
        Backend blue = rig.backend("blue").holding("/held", new CountDownLatch(1), new CountDownLatch(1));
        Listener listener = Rig.listener("front", Action.Forward.to("blue"))
                .withRules(new Rule("function", 1, List.of(new Condition.Path(List.of("/f"))), Action.Forward.to("function")));
        int port = rig.serve(listener, Rig.group("blue", blue), Rig.group("function", List.of(Target.function("f"))));
        for (int i = 0; i < 40; i++) {
            try {
                wire(new Socket(), port).send(request);
            } catch (IOException e) {
                // Already there is no room for one more.
                break;
            }
        }
        Rig.eventually(() -> rig.front().newConnections() + rig.front().rejectedConnections() >= wires.size());
        Rig.eventually(() -> rig.front().activeConnections() <= budget / kept);
    }

    @Test
    void what_waits_for_the_window_of_a_target_is_seen_too() throws IOException {
        int budget = 1 << 20;
        int streams = 8;
        byte[] piece = new byte[16 * 1024];
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(1000, budget)));
        List<Http2Wire> open = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread.startVirtualThread(() -> greetAll(server, open));
            TargetGroup group = Rig.group("group", List.of(Target.at("127.0.0.1", server.getLocalPort()))).withVersion(TargetGroup.Version.HTTP2);
            int port = rig.serve(Http2Rig.https(), group);
            for (int i = 0; i < 20; i++) {
                Http2Wire client = Http2Wire.connect(port);
                open.add(client);
                for (int j = 0; j < streams; j++) {
                    int stream = client.nextStream();
                    client.headers(stream, false, Http2Wire.request("POST", "/")).data(stream, false, piece);
                }
            }
            Rig.eventually(() -> rig.front().activeConnections() <= budget / (streams * piece.length));
        } catch (SocketException | EOFException e) {
            // Already there is no room for one more.
            assertThat(rig.front().rejectedConnections()).isPositive();
        } finally {
            for (Http2Wire each : open) {
                each.close();
            }
        }
    }

    /// A target that gives each stream window for one byte, and the whole connection as much as anybody could want.
    private static void greetAll(ServerSocket server, List<Http2Wire> open) {
        try {
            while (true) {
                open.add(Http2Wire.accept(server.accept(), 4, 1).frame(Http2Wire.WINDOW_UPDATE, 0, 0, Http2Wire.number(1 << 24)));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void a_connection_to_a_target_that_rests_gives_way_to_one_that_is_needed() throws Exception {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(2, 64 << 20)));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Backend blue = rig.backend("blue").holding("/held", entered, released);
        Backend green = rig.backend("green").on("/green", request -> Backend.respond(request, 200, "green"));
        int port = rig.serve(besideGreen(), Rig.group("blue", blue), Rig.group("green", green));
        Wire first = wire(new Socket(), port).send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
        entered.await();
        Wire second = wire(new Socket(), port);
        assertThat(second.get("/").body()).isEqualTo("blue");
        assertThat(second.get("/green").body()).isEqualTo("green");
        assertThat(second.get("/").body()).isEqualTo("blue");
        assertThat(blue.connections.get()).isEqualTo(3);
        released.countDown();
        assertThat(first.read().body()).isEqualTo("blue");
    }

    @Test
    void each_of_those_that_rest_gives_way_once() throws Exception {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(2, 64 << 20)));
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        Backend blue = rig.backend("blue").holding("/held", entered, released);
        Backend green = rig.backend("green").on("/green", request -> Backend.respond(request, 200, "green"));
        int port = rig.serve(besideGreen(), Rig.group("blue", blue), Rig.group("green", green));
        Wire first = wire(new Socket(), port).send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
        Wire second = wire(new Socket(), port).send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
        entered.await();
        released.countDown();
        assertThat(first.read().body()).isEqualTo("blue");
        assertThat(second.read().body()).isEqualTo("blue");
        CountDownLatch goOn = Rig.hold(rig.loop("blue"));
        first.send("GET /green HTTP/1.1\r\nHost: a\r\n\r\n");
        second.send("GET /green HTTP/1.1\r\nHost: a\r\n\r\n");
        goOn.countDown();
        assertThat(first.read().body()).isEqualTo("green");
        assertThat(second.read().body()).isEqualTo("green");
        Rig.eventually(() -> blue.open() == 0);
    }

    private static Listener besideGreen() {
        return Rig.listener("front", Action.Forward.to("blue"))
                .withRules(new Rule("green", 1, List.of(new Condition.Path(List.of("/green"))), Action.Forward.to("green")));
    }

    @Test
    void connections_that_are_passed_through_count_too() throws IOException {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(2, 64 << 20)));
        Backend blue = rig.backend("blue");
        Backend green = rig.backend("green").on("/green", request -> Backend.respond(request, 200, "green"));
        try (ManualTarget raw = new ManualTarget("raw")) {
            Listener flows = new Listener("flows", Listener.Protocol.TCP, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("raw"),
                    ListenerSettings.DEFAULT, Optional.empty());
            List<Binding> bindings = rig.proxy.apply(new RoutingSnapshot(List.of(besideGreen(), flows),
                    List.of(Rig.group("blue", blue), Rig.group("green", green), ManualTarget.group("raw", Flows.DEFAULT, raw))));
            Wire asking = wire(new Socket(), bindings.getFirst().port());
            assertThat(asking.get("/").body()).isEqualTo("blue");
            wire(new Socket(), bindings.getLast().port()).send("flow");
            try (Wire joined = raw.accept()) {
                assertThat(joined.readText(4)).isEqualTo("flow");
                assertThat(asking.get("/green").body()).isEqualTo("green");
                Rig.eventually(() -> blue.open() == 0);
            }
        }
    }

    @Test
    void connections_to_targets_are_counted_and_not_the_streams_that_share_them() throws Exception {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(2, 64 << 20)));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Backend green = rig.backend("green").holding("/green", entered, released);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                ManualTarget raw = new ManualTarget("raw")) {
            server.setSoTimeout(10_000);
            TargetGroup blue = Rig.group("blue", List.of(Target.at("127.0.0.1", server.getLocalPort()))).withVersion(TargetGroup.Version.HTTP2);
            Listener listener = Http2Rig.https("front", Action.Forward.to("blue"), ListenerSettings.DEFAULT)
                    .withRules(besideGreen().rules().getFirst());
            Listener flows = new Listener("flows", Listener.Protocol.TCP, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("raw"),
                    ListenerSettings.DEFAULT, Optional.empty());
            List<Binding> bindings = rig.proxy.apply(new RoutingSnapshot(List.of(listener, flows),
                    List.of(blue, Rig.group("green", green), ManualTarget.group("raw", Flows.DEFAULT, raw))));
            try (Http2Wire client = Http2Wire.connect(bindings.getFirst().port())) {
                int held = client.nextStream();
                client.headers(held, true, Http2Wire.request("GET", "/green"));
                entered.await();
                int first = client.nextStream();
                int second = client.nextStream();
                // Both wait for the one connection that may still be made.
                client.headers(first, true, Http2Wire.request("GET", "/")).headers(second, true, Http2Wire.request("GET", "/"));
                try (Http2Wire target = Http2Wire.accept(server.accept())) {
                    int one = target.next(Http2Wire.HEADERS).stream();
                    target.headers(target.next(Http2Wire.HEADERS).stream(), true, ":status", "204");
                    assertThat(client.answer(second).status()).isEqualTo(204);
                    assertThat(client.get("/green").status()).isEqualTo(503);
                    assertThat(Wire.isBrokenOff(bindings.getLast().port())).isTrue();
                    target.headers(one, true, ":status", "204");
                    assertThat(client.answer(first).status()).isEqualTo(204);
                }
                released.countDown();
                assertThat(client.answer(held).body()).isEqualTo("green");
            }
        }
    }

    @Test
    void connections_that_speak_http2_count_and_give_way_too() throws IOException {
        rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(1, 64 << 20)));
        Backend green = rig.backend("green").on("/green", request -> Backend.respond(request, 200, "green"));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            TargetGroup blue = Rig.group("blue", List.of(Target.at("127.0.0.1", server.getLocalPort()))).withVersion(TargetGroup.Version.HTTP2);
            Listener listener = Http2Rig.https("front", Action.Forward.to("blue"), ListenerSettings.DEFAULT)
                    .withRules(besideGreen().rules().getFirst());
            try (Http2Wire client = Http2Wire.connect(rig.serve(listener, blue, Rig.group("green", green)))) {
                int stream = client.nextStream();
                client.headers(stream, true, Http2Wire.get("/", "x-one", "1"));
                try (Http2Wire target = Http2Wire.accept(server.accept())) {
                    target.headers(target.next(Http2Wire.HEADERS).stream(), true, ":status", "204");
                    assertThat(client.answer(stream).status()).isEqualTo(204);
                    assertThat(client.get("/green").body()).isEqualTo("green");
                    assertThat(target.next(Http2Wire.GOAWAY)).isNotNull();
                }
            }
        }
    }

    @Test
    void a_connection_that_cannot_even_be_begun_takes_no_place() throws InterruptedException {
        serve(new Limits(2, 64 << 20), 1);
        EventLoop events = rig.loop("group").eventLoop();
        try (SystemTime time = new SystemTime()) {
            Bootstrap exhausted = new Bootstrap().group(events).channelFactory(() -> {
                throw new ChannelException("too many open files");
            });
            Loop loop = new Loop(0, events, rig.proxy, time, exhausted);
            TargetOnLoop target = new TargetState("group", Target.at("127.0.0.1", 1), List.of(loop), _ -> { }).on(loop);
            for (int i = 0; i < 2; i++) {
                assertThat(loop.admission().mayReachTarget(loop)).isTrue();
                UpstreamConnection.open(target, Rig.group("group", List.of()), null, new TargetCounters(null)).detach(false);
            }
            assertThat(loop.admission().mayReachTarget(loop)).isTrue();
            // Which tells of the failures, while the loop is still there to hear of them.
            GlobalEventExecutor.INSTANCE.submit(() -> { }).sync();
        }
    }

    @Test
    void a_head_that_trickles_in_is_given_no_more_time_than_a_silent_one() throws IOException {
        rig = new Rig();
        ListenerSettings settings = ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1));
        int port = rig.serve(Rig.listener("front", new Action.FixedResponse(200, "text/plain", "hello")).withSettings(settings));
        Wire wire = wire(new Socket(), port);
        wire.send("GET / HTTP/1.1\r\nX-A: ");
        int sent = 0;
        while (wire.socket().getInputStream().available() == 0 && sent < 100) {
            wire.send("a");
            sent++;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        assertThat(wire.read().status()).isEqualTo(408);
    }

    @ParameterizedTest(name = "{0} descriptors and {1} MiB of heap bear {2} connections")
    @CsvSource({"1024,1024,384", "1048576,256,16384", "1048576,1048576,524160", "10,1024,64", "100000000,100000000,1000000"})
    void without_being_told_the_proxy_takes_what_the_machine_bears(long descriptors, long heap, int connections) {
        assertThat(Limits.connections(descriptors, heap << 20)).isEqualTo(connections);
    }
}
