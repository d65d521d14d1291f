package dev.viridian.app.cli;

import dev.viridian.app.cli.Main.Problem;
import dev.viridian.app.top.Happened;
import dev.viridian.app.top.Sheet;
import dev.viridian.engine.time.Polling;
import dev.viridian.services.elbv2.Observed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// The live table of the load balancers.
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = "Show what every load balancer, listener, target group and target is doing, again and again, until Ctrl-C.",
        footer = {
            "",
            "SHARE is what a group is to get by its weight, REQ/S what it got. 2XX to 5XX are answers of targets per second, OWN those the load",
            "balancer gave itself because of an error (redirects and fixed responses are none). P50 and P99: how long answers took to begin.",
            "FLY: requests under way. CONN: connections with clients, or with the target."
        })
final class TopCommand implements Callable<Integer> {
    private static final Duration FOR_EVER = Duration.ofDays(36500);
    private static final String NONE = "No load balancer exists. 'aws elbv2 create-load-balancer' makes one; 'viridian demo --keep' shows one at work.";

    @Mixin
    private DataFolder data;

    @Option(names = "--interval", paramLabel = "SECONDS", defaultValue = "1", description = "Between two tables (default: 1).")
    private double interval;

    @Option(names = "--once", description = "Print one table, after one interval, and end.")
    private boolean once;

    @Option(names = "-n", paramLabel = "TABLES", description = "End after so many tables.")
    private long most = Long.MAX_VALUE;

    @Option(names = "--json", description = "Print each table as one line of JSON.")
    private boolean json;

    @Option(names = "--width", paramLabel = "COLUMNS", description = "Instead of the terminal's own.")
    private int width;

    private final Terminal terminal = Terminal.ours();
    private @Nullable Observed before;
    private long shown;

    @Override
    public Integer call() {
        if (!(interval >= 0.1 && interval <= 3600) || most < 1 || width < 0) {
            throw new Problem("--interval must be between 0.1 and 3600 seconds, -n at least 1 and --width positive");
        }
        long wanted = once ? 1 : most;
        try (ServerDoor door = new ServerDoor(data.requireServer())) {
            Polling.until(Duration.ofNanos((long) (interval * 1e9)), FOR_EVER, () -> {
                look(door);
                return shown < wanted ? Optional.empty() : Optional.of(shown);
            });
        }
        return 0;
    }

    private void look(ServerDoor door) {
        Observed now = door.ask("load-balancers", Observed.class);
        if (before != null) {
            show(Happened.between(before, now));
            shown++;
        }
        before = now;
    }

    private void show(Happened happened) {
        if (json) {
            System.out.println(JsonMapper.builder().build().writeValueAsString(happened));
            return;
        }
        boolean inPlace = terminal.movesCursor() && !once;
        Terminal.Size size = terminal.size();
        List<String> lines = new ArrayList<>();
        if (!once) {
            lines.add(String.format(Locale.ROOT, "viridian lb top: what happened in %.1f s. Ctrl-C ends.", happened.seconds()));
        }
        lines.addAll(happened.rows().isEmpty() ? List.of(NONE)
                : new Sheet(width > 0 ? width : size.columns(), terminal.coloured()).lines(happened.rows()));
        if (inPlace) {
            terminal.replace(lines, size);
        } else {
            lines.forEach(System.out::println);
            if (!once) {
                System.out.println();
            }
        }
    }
}
