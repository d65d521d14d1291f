package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.LogEntry;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.Logging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogQueueTest {
    private static ConnectionLog entry(int number) {
        return new ConnectionLog("front", new LoggedConnection("id", "127.0.0.1", number, "127.0.0.1", false, Optional.empty()), 0, 80, false, true);
    }

    @Test
    void what_does_not_fit_is_dropped_and_counted_and_what_fits_keeps_its_order() {
        LoopLog log = new LoopLog(256, Long.MAX_VALUE);
        IntStream.range(0, 300).forEach(i -> log.offer(entry(i)));
        List<Integer> ports = new ArrayList<>();
        log.drain(each -> ports.add(((ConnectionLog) each).connection().clientPort()));
        assertThat(ports).isEqualTo(IntStream.range(0, 256).boxed().toList());
        assertThat(log.dropped()).isEqualTo(44);
        log.offer(entry(300));
        assertThat(log.drain(each -> { })).isEqualTo(1);
    }

    @Test
    void entries_are_also_bounded_by_the_memory_they_hold() {
        LoopLog log = new LoopLog(1024, 10L * entry(0).weight());
        IntStream.range(0, 11).forEach(i -> log.offer(entry(i)));
        assertThat(log.dropped()).isEqualTo(1);
        log.drain(each -> { });
        IntStream.range(0, 10).forEach(i -> log.offer(entry(i)));
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void one_thread_puts_in_while_another_takes_out_and_nothing_is_lost_or_twice() throws InterruptedException {
        LoopLog log = new LoopLog(1 << 17, Long.MAX_VALUE);
        int count = 100_000;
        Thread producer = Thread.ofPlatform().start(() -> IntStream.range(0, count).forEach(i -> log.offer(entry(i))));
        AtomicInteger next = new AtomicInteger();
        Rig.eventually(() -> {
            log.drain(each -> assertThat(((ConnectionLog) each).connection().clientPort()).isEqualTo(next.getAndIncrement()));
            return next.get() == count;
        });
        producer.join();
        assertThat(log.dropped()).isZero();
    }

    @Test
    void a_log_nobody_reads_does_not_hold_up_traffic() throws IOException {
        try (Rig rig = new Rig(new dev.viridian.engine.time.SystemTime(), Rig.OPTIONS.withLoops(1))) {
            int port = rig.serve(Rig.listener("front", new Action.FixedResponse(200, "", "")).withSettings(
                    ListenerSettings.DEFAULT.withLogging(new Logging(true, false))));
            String request = "GET /" + "x".repeat(15_000) + " HTTP/1.1\r\nHost: a\r\n\r\n";
            int sent = 1200; // more than 16 MB of targets
            try (Wire wire = new Wire(port)) {
                for (int i = 0; i < sent; i++) {
                    assertThat(wire.send(request).read().status()).isEqualTo(200);
                }
            }
            // A client may have its answer a moment before the entry is there.
            List<LogEntry> logged = new ArrayList<>();
            Rig.eventually(() -> {
                rig.proxy.logs().drain(logged::add);
                return logged.size() + rig.proxy.logs().dropped() == sent;
            });
            assertThat(rig.proxy.logs().dropped()).isPositive();
        }
    }
}
