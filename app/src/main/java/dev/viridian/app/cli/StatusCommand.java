package dev.viridian.app.cli;

import dev.viridian.app.internal.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Shows what the running server says of itself.
@Command(name = "status", mixinStandardHelpOptions = true, description = "Show the running server: where it listens, its engine, its load balancers.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Option(names = "--json", description = "Print the server's own answer.")
    private boolean asJson;

    @Override
    public Integer call() {
        DataFolder.Server server = data.requireServer();
        String answer;
        try (ServerDoor door = new ServerDoor(server)) {
            answer = door.ask("status");
        }
        if (asJson) {
            System.out.print(answer);
            return 0;
        }
        Status status = JsonMapper.builder().build().readValue(answer, Status.class);
        System.out.printf("Viridian %s runs as process %d%n", status.version(), server.pid());
        row("endpoint", status.endpoint() + "  (HTTP and HTTPS on one port)");
        row("account", status.account() + " in " + status.region());
        row("signatures", status.auth());
        row("pace", status.pace() == 1 ? "1 (real time)" : (long) status.pace() + " (a configured minute passes in " + 60_000 / (long) status.pace() + " ms)");
        row("data", status.data() + (status.ephemeral() ? "  (ephemeral)" : ""));
        row("engine", status.engine());
        row("services", String.join(" ", status.services()));
        listeners(status.listeners()).forEach(System.out::println);
        return 0;
    }

    /// Below each load balancer, by name, its listeners by port: what to type, and where that leads.
    static List<String> listeners(List<Status.Listener> listeners) {
        Map<String, List<Status.Listener>> byBalancer = listeners.stream().sorted(Comparator.comparing(Status.Listener::loadBalancer)
                .thenComparing(Status.Listener::port).thenComparing(Status.Listener::url).thenComparing(Status.Listener::bound))
                .collect(Collectors.groupingBy(Status.Listener::loadBalancer, LinkedHashMap::new, Collectors.toList()));
        int longest = listeners.stream().mapToInt(listener -> listener.url().length()).max().orElse(0);
        List<String> lines = new ArrayList<>(List.of(byBalancer.isEmpty() ? "  balancers   none" : "  balancers"));
        byBalancer.forEach((name, own) -> {
            lines.add("    " + name);
            own.forEach(listener -> lines.add("      " + listener.url() + " ".repeat(longest - listener.url().length() + 2)
                    + (listener.bound().isEmpty() ? "NOT LISTENING: " + listener.note() : "on " + listener.bound())
                    + (listener.bound().isEmpty() || listener.note().isEmpty() ? "" : "  (" + listener.note() + ")")));
        });
        return lines;
    }

    private static void row(String name, String value) {
        System.out.printf("  %-11s %s%n", name, value);
    }
}
