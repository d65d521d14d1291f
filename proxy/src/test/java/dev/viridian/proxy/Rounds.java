package dev.viridian.proxy;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.SplittableRandom;

/// Rounds of a random test, each made from a seed of its own, which a failure names: `-Dviridian.seed=...` plays that round alone.
/// `-Dviridian.fuzz.seconds=...` goes on for so long, with other seeds every time.
final class Rounds {
    private static final long FIRST = 20261129;

    private Rounds() {}

    /// @param usual how many rounds when nobody asks for more
    static void run(int usual, Consumer<RandomGenerator> round) {
        Long asked = Long.getLong("viridian.seed");
        if (asked != null) {
            one(asked, round);
            return;
        }
        Ticker ticker = Ticker.systemTicker();
        long span = Duration.ofSeconds(Long.getLong("viridian.fuzz.seconds", 0)).toNanos();
        long begin = ticker.nanoTime();
        long first = span > 0 ? begin : FIRST;
        for (long i = 0; span > 0 ? ticker.nanoTime() - begin < span : i < usual; i++) {
            one(first + i, round);
        }
    }

    private static void one(long seed, Consumer<RandomGenerator> round) {
        try {
            round.accept(new SplittableRandom(seed));
        } catch (RuntimeException | Error e) {
            throw new AssertionError("The round of seed " + seed + " failed; play it again with -Dviridian.seed=" + seed, e);
        }
    }
}
