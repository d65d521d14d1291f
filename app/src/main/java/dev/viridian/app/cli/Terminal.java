package dev.viridian.app.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What our output goes to.
///
/// @param interactive somebody is looking: neither a file nor a pipe
/// @param plain       it understands no control sequences
/// @param coloured    colours are welcome
record Terminal(boolean interactive, boolean plain, boolean coloured) {
    private static final Size USUAL = new Size(80, 24);

    record Size(int columns, int lines) {}

    static Terminal ours() {
        return of(System.console() != null && System.console().isTerminal(), System.getenv());
    }

    /// Source: <a href="https://no-color.org">no-color.org</a>.
    static Terminal of(boolean interactive, Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "dumb");
        boolean plain = term.isEmpty() || term.equals("dumb");
        return new Terminal(interactive, plain, interactive && !plain && environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /// Whether a table can be drawn over the one before.
    boolean movesCursor() {
        return interactive && !plain;
    }

    /// As it is now, because windows change; the usual one when nobody is looking or `stty` is not there.
    Size size() {
        if (!interactive) {
            return USUAL;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).redirectErrorStream(true).start();
            String[] answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip().split(" ");
            Size size = answer.length == 2 ? new Size(Integer.parseInt(answer[1]), Integer.parseInt(answer[0])) : USUAL;
            return size.columns() > 0 && size.lines() > 0 ? size : USUAL;
        } catch (IOException | NumberFormatException e) {
            return USUAL;
        }
    }

    /// Draws from the top of the screen. What does not fit is said to be there.
    void replace(List<String> lines, Size size) {
        StringBuilder screen = new StringBuilder("\u001b[H");
        int room = size.lines() - 1;
        boolean fits = lines.size() <= room;
        for (String line : fits ? lines : lines.subList(0, Math.max(0, room - 1))) {
            screen.append(line).append("\u001b[K\n");
        }
        if (!fits) {
            screen.append(".. and ").append(lines.size() - room + 1).append(" more lines, if there were room").append("\u001b[K\n");
        }
        System.out.print(screen.append("\u001b[J"));
        System.out.flush();
    }
}
