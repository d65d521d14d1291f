package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.FunctionTargets.Answer;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.log.HealthLog;
import dev.viridian.proxy.log.HealthLog.Kind;
import dev.viridian.proxy.log.HealthLog.Outcome;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.Logging;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is logged of health checks.
class HealthLogTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final VirtualTime time = new VirtualTime();
    private final Rig rig = new Rig(time, Rig.OPTIONS);
    private final LogReader log = new LogReader(rig.proxy);

    @AfterEach
    void close() {
        rig.close();
    }

    private static Listener listener(String id, String group, boolean checks) {
        return Rig.listener(id, Action.Forward.to(group)).withSettings(ListenerSettings.DEFAULT.withLogging(new Logging(false, false, checks)));
    }

    private static TargetGroup group(String id, Target... targets) {
        return TargetGroup.http(id, HealthCheck.http("/status/200", INTERVAL, Duration.ofMillis(500), 3, 2), List.of(targets));
    }

    private void apply(List<Listener> listeners, TargetGroup... groups) {
        rig.proxy.apply(new RoutingSnapshot(listeners, List.of(groups)));
    }

    @Test
    void each_check_is_logged_once_for_the_listeners_that_want_it() {
        Instant before = time.now();
        Target well = rig.backend("well").target();
        Target sick = rig.backend("sick").on("/status/200", request -> Backend.respond(request, 503, "")).target();
        apply(List.of(listener("one", "group", true), listener("two", "group", false), listener("three", "group", true), listener("four", "other", false)),
                group("group", well, sick), group("other", rig.backend("other").target()));

        List<HealthLog> checks = log.checks(2);
        assertThat(checks).extracting(HealthLog::target, HealthLog::outcome, HealthLog::status).containsExactlyInAnyOrder(tuple(well, Outcome.PASSED, 200),
                tuple(sick, Outcome.UNEXPECTED_STATUS, 503));
        assertThat(checks).allMatch(check -> check.listenerIds().equals(List.of("one", "three")) && check.groupId().equals("group")
                && check.kind() == Kind.HTTP && check.durationNanos() > 0 && check.beganMicros() >= before.toEpochMilli() * 1000);
        time.advance(INTERVAL);
        assertThat(log.checks(4)).hasSize(4);
    }

    @Test
    void what_gives_no_answer_has_no_status() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                ServerSocket closed = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            closed.close();
            rig.proxy.callFunctions((group, function, request) -> {
                if (function.equals("ill")) {
                    throw new IOException("no");
                }
                return new Answer(200, "", List.of(), new byte[0]);
            });
            Target refusing = Target.at("127.0.0.1", closed.getLocalPort());
            Target slow = Target.at("127.0.0.1", silent.getLocalPort());
            apply(List.of(listener("one", "group", true), listener("two", "functions", true)), group("group", refusing, slow),
                    group("functions", Target.function("ill"), Target.function("well")));
            assertThat(log.checks(4)).extracting(HealthLog::kind, HealthLog::target, HealthLog::outcome, HealthLog::status).containsExactlyInAnyOrder(
                    tuple(Kind.HTTP, refusing, Outcome.BROKEN, -1), tuple(Kind.HTTP, slow, Outcome.TIMED_OUT, -1),
                    tuple(Kind.FUNCTION, Target.function("ill"), Outcome.BROKEN, -1), tuple(Kind.FUNCTION, Target.function("well"), Outcome.PASSED, 200));
        }
    }

    @Test
    void nothing_is_logged_any_more_once_nobody_wants_it() {
        Backend blue = rig.backend("blue");
        apply(List.of(listener("one", "group", true)), group("group", blue.target()));
        log.checks(1);
        Rig.eventually(() -> rig.proxy.health("group").getFirst().state() == State.HEALTHY);
        apply(List.of(listener("one", "group", false)), group("group", blue.target()));
        time.advance(INTERVAL);
        Rig.eventually(() -> blue.requests.get() == 2);
        // Nobody is asked again before the answer was dealt with, which is when it would be logged.
        time.advance(INTERVAL);
        Rig.eventually(() -> blue.requests.get() == 3);
        assertThat(log.checks(1)).hasSize(1);
    }
}
