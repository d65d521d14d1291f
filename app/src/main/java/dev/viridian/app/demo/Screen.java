package dev.viridian.app.demo;

import dev.viridian.engine.time.Time;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/// What one sees: chapters, steps with the time since the start, and one live line that is redrawn on a terminal and printed when it changes elsewhere.
final class Screen {
    private static final int BAR = 20;

    private final PrintStream out;
    private final Time time;
    private final Instant start;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private boolean liveShown;
    private String lastLive = "";

    Screen(PrintStream out, Time time) {
        this.out = out;
        this.time = time;
        this.start = time.now();
    }

    synchronized void chapter(String title) {
        endLive();
        out.println();
        out.println(title);
    }

    synchronized void step(String text) {
        endLive();
        out.printf("  %6.1f s  %s%n", seconds(), text);
    }

    synchronized void plain(String text) {
        endLive();
        out.println(text);
    }

    /// The weights as a bar, and who was served what.
    ///
    /// @param key what must change for the line to be printed again where it cannot be redrawn
    synchronized void live(String key, int greenPercent, String leftName, String rightName, Visitors.Tally served) {
        int filled = greenPercent * BAR / 100;
        String bar = "█".repeat(BAR - filled) + "░".repeat(filled);
        String line = String.format("  %6.1f s  %s %3d%% %s %3d%% %s   served: %d blue, %d green, %d errors, %d lost", seconds(), leftName, 100 - greenPercent, bar,
                greenPercent, rightName, served.blue(), served.green(), served.errors(), served.lost());
        if (terminal) {
            out.print("\r\u001b[K" + line);
            out.flush();
            liveShown = true;
        } else if (!key.equals(lastLive)) {
            out.println(line);
        }
        lastLive = key;
    }

    private void endLive() {
        if (liveShown) {
            out.println();
            liveShown = false;
        }
        lastLive = "";
    }

    double seconds() {
        return Duration.between(start, time.now()).toMillis() / 1000.0;
    }
}
