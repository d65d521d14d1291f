package dev.viridian.proxy;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.engine.time.Time;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A proxy with backends around it, for one test.
final class Rig implements AutoCloseable {
    static final ProxyOptions OPTIONS = ProxyOptions.DEFAULT.withLoops(2).withNames("balancer/1", "X-Trace-Id", "checker/1");

    final Proxy proxy;
    private final Time time;
    private final List<Backend> backends = new ArrayList<>();

    Rig() {
        this(new SystemTime(), OPTIONS);
    }

    Rig(Time time, ProxyOptions options) {
        this.time = time;
        this.proxy = new Proxy(time, options);
    }

    Backend backend(String name) {
        Backend backend = new Backend(name);
        backends.add(backend);
        return backend;
    }

    static TargetGroup group(String id, Backend... backends) {
        return TargetGroup.http(id, HealthCheck.NONE, Arrays.stream(backends).map(Backend::target).toList());
    }

    static TargetGroup group(String id, List<Target> targets) {
        return TargetGroup.http(id, HealthCheck.NONE, targets);
    }

    static Listener listener(String id, Action action) {
        return Listener.http(id, "127.0.0.1", 0, action);
    }

    static Action.Forward weights(String first, int firstWeight, String second, int secondWeight) {
        return Action.Forward.to(new Action.Forward.WeightedGroup(first, firstWeight), new Action.Forward.WeightedGroup(second, secondWeight));
    }

    /// Applies a snapshot with one listener and returns its port.
    int serve(Listener listener, TargetGroup... groups) {
        List<Binding> bindings = proxy.apply(new RoutingSnapshot(List.of(listener), List.of(groups)));
        return bindings.getFirst().port();
    }

    /// One listener in front of one group with one backend of each given name.
    int serve(Backend... backends) {
        return serve(listener("front", Action.Forward.to("group")), group("group", backends));
    }

    /// The first loop, as the targets of a group know it.
    Loop loop(String group) {
        return proxy.routing().groups().get(group).targets()[0].onLoops()[0].loop();
    }

    /// Holds a loop up, so that what happens meanwhile is found by it all at once.
    ///
    /// @return lets the loop go on
    static CountDownLatch hold(Loop loop) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        loop.eventLoop().execute(() -> {
            held.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        held.await();
        return goOn;
    }

    Traffic.ListenerTraffic front() {
        return proxy.traffic().listeners().stream().filter(listener -> listener.listenerId().equals("front")).findFirst().orElseThrow();
    }

    Traffic.Counts counts(String group) {
        return proxy.traffic().groups().stream().filter(each -> each.groupId().equals(group)).map(Traffic.GroupTraffic::counts)
                .reduce(Traffic.Counts.ZERO, Traffic.Counts::plus);
    }

    /// Whether large bodies are moved within the kernel from now on. The first one would find no pipe and be copied.
    boolean hasPipes() {
        AtomicInteger loops = new AtomicInteger();
        proxy.loops().onEach(loop -> loops.addAndGet(loop.pipe() == null ? 0 : 1));
        return loops.get() == proxy.loops().all().size();
    }

    static <T> T eventually(Supplier<T> value, Predicate<T> condition) {
        Ticker ticker = Ticker.systemTicker();
        long deadline = ticker.nanoTime() + Duration.ofSeconds(10).toNanos();
        T now = value.get();
        while (!condition.test(now)) {
            if (ticker.nanoTime() > deadline) {
                throw new AssertionError("still " + now + " after 10 s");
            }
            LockSupport.parkNanos(2_000_000);
            now = value.get();
        }
        return now;
    }

    static void eventually(BooleanSupplier condition) {
        eventually(condition::getAsBoolean, value -> value);
    }

    @Override
    public void close() {
        proxy.close();
        backends.forEach(Backend::close);
        if (time instanceof SystemTime system) {
            system.close();
        }
    }
}
