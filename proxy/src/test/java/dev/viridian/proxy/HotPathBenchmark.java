package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.DefaultEventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What our own code takes of a request's time: reading its head and its answer's, finding rule and target, claiming. `bench/hot-path.sh` runs it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotPathBenchmark {
    private static final byte[] REQUEST = withRoom("""
            GET /products/1234?page=2 HTTP/1.1\r
            Host: shop.example.com\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
            Accept-Language: en-US,en;q=0.5\r
            Accept-Encoding: gzip, deflate, br\r
            Cookie: session=0123456789abcdef0123456789abcdef\r
            Connection: keep-alive\r
            \r
            """.getBytes(StandardCharsets.US_ASCII));
    private static final byte[] RESPONSE = withRoom("""
            HTTP/1.1 200 OK\r
            Server: nginx/1.22.1\r
            Date: Sun, 29 Nov 2026 17:00:00 GMT\r
            Content-Type: text/html\r
            Content-Length: 128\r
            Connection: keep-alive\r
            \r
            """.getBytes(StandardCharsets.US_ASCII));
    private static final int RULES = 100;
    /// A reader looks a little behind the end.
    private static final int ROOM = 16;
    private static final byte[] CLIENT = {127, 0, 0, 1};

    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();
    private final Holder holder = new Holder();
    private final SystemTime time = new SystemTime();
    private final Proxy proxy = new Proxy(time, ProxyOptions.DEFAULT.withLoops(1));
    private final DefaultEventLoop eventLoop = new DefaultEventLoop();
    private final Loop loop = new Loop(0, eventLoop, proxy, time, new Bootstrap());
    private PortRoute port = new PortRoute(List.of(), null);
    private @Nullable TargetOnLoop target;
    private @Nullable ListenerState listener;

    /// A hundred rules by path, of which none fits but the default does: the most that is looked at.
    @Setup
    public void prepare() {
        List<Rule> rules = IntStream.rangeClosed(1, RULES)
                .mapToObj(i -> new Rule("rule-" + i, i, List.of(new Condition.Path(List.of("/section-" + i + "/*"))), Action.Forward.to("group"))).toList();
        Listener front = new Listener("front", Listener.Protocol.HTTP, List.of("127.0.0.1"), 0, List.of(), rules, Action.Forward.to("group"),
                Listener.http("any", "127.0.0.1", 0, Action.Forward.to("group")).settings(), Optional.empty());
        TargetGroup group = TargetGroup.http("group", HealthCheck.NONE, List.of(Target.at("127.0.0.1", 1), Target.at("127.0.0.1", 2)));
        proxy.apply(new RoutingSnapshot(List.of(front), List.of(group)));
        port = proxy.routing().ports().values().iterator().next();
        listener = port.first().state();
        request.read(REQUEST, 0, REQUEST.length - ROOM);
        target = requireNonNull(requireNonNull(proxy.routing().groups().get("group")).choose(loop, request)).on(loop);
    }

    @TearDown
    public void close() {
        proxy.close();
        time.close();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Benchmark
    public @Nullable Refusal readRequest() {
        return request.read(REQUEST, 0, REQUEST.length - ROOM);
    }

    @Benchmark
    public @Nullable Refusal readResponse() {
        return response.read(RESPONSE, 0, RESPONSE.length - ROOM);
    }

    @Benchmark
    public @Nullable TargetState route() {
        ListenerRoute route = port.choose(request);
        if (!(route.choose(loop, request, CLIENT) instanceof ActionRoute.ForwardRoute(var forward, _))) {
            throw new IllegalStateException("every rule forwards");
        }
        return requireNonNull(forward.choose(loop, request)).choose(loop, request);
    }

    @Benchmark
    public long claim() {
        TargetOnLoop mine = requireNonNull(target);
        TargetCounters counters = mine.claim(holder, requireNonNull(listener));
        mine.release(holder, counters);
        return mine.inFlight();
    }

    private static final class Holder implements TargetOnLoop.Claimant {
        private int index;

        @Override
        public int claimIndex() {
            return index;
        }

        @Override
        public void claimIndex(int index) {
            this.index = index;
        }

        @Override
        public void cut() {
            throw new UnsupportedOperationException("nobody drains here");
        }
    }

    private static byte[] withRoom(byte[] message) {
        return Arrays.copyOf(message, message.length + ROOM);
    }
}
