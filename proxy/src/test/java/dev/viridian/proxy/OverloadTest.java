package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.engine.time.SystemTime;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.ListenerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A loop that is late with everything still ends what has stood still for too long, and still knows when it holds too much.
class OverloadTest {
    private static final int BUFFERED = 1 << 20;

    private final Rig rig = new Rig(new SystemTime(), Rig.OPTIONS.withLoops(1).withLimits(new Limits(1000, BUFFERED)));
    private final AtomicBoolean overloaded = new AtomicBoolean(true);
    private int port;

    @BeforeEach
    void serve() {
        Backend blue = rig.backend("blue");
        ListenerSettings settings = ListenerSettings.DEFAULT.withIdleTimeout(Duration.ofSeconds(1));
        port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(settings), Rig.group("group", blue));
        holdUp(rig.loop("group"));
    }

    /// For longer than a tick may be late, again and again, with a look at what is ready in between.
    private void holdUp(Loop loop) {
        loop.eventLoop().schedule(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3 * Loop.TICK_MILLIS));
            if (overloaded.get()) {
                holdUp(loop);
            }
        }, 1, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void close() {
        overloaded.set(false);
        rig.close();
    }

    @Test
    void timeouts_end_connections() throws IOException {
        try (Wire wire = new Wire(port)) {
            assertThat(wire.get("/").body()).isEqualTo("blue");
            assertThat(wire.closed()).isTrue();
        }
    }

    @Test
    void too_much_that_is_held_is_noticed() {
        Loop loop = rig.loop("group");
        loop.eventLoop().execute(() -> loop.watch(new Hoarder()));
        Rig.eventually(() -> loop.eventLoop().submit(() -> loop.backlog().full()).syncUninterruptibly().getNow());
    }

    /// A connection whose other side does not take what it is sent.
    private static final class Hoarder implements Loop.Ticked {
        private int index;

        @Override
        public void tick(long nowNanos) {
            // It waits for nothing.
        }

        @Override
        public void shut() {
            // It goes with the proxy.
        }

        @Override
        public long held() {
            return 2 * BUFFERED;
        }

        @Override
        public int tickIndex() {
            return index;
        }

        @Override
        public void tickIndex(int index) {
            this.index = index;
        }
    }
}
