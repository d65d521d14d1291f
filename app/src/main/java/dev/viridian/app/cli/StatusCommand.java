package dev.viridian.app.cli;

import dev.viridian.app.internal.Status;
import java.util.concurrent.Callable;
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
        if (status.listeners().isEmpty()) {
            row("balancers", "none");
        }
        status.listeners().forEach(l -> row("balancer", l.url() + "  " + (l.bound().isEmpty() ? "NOT LISTENING: " + l.note() : "on " + l.bound() + (l.note().isEmpty() ? "" : "  (" + l.note() + ")"))));
        return 0;
    }

    private static void row(String name, String value) {
        System.out.printf("  %-11s %s%n", name, value);
    }
}
