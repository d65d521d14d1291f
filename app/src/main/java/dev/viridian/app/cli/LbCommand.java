package dev.viridian.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What concerns the load balancers of a running server.
@Command(name = "lb", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Watch the load balancers of the running server.",
        subcommands = TopCommand.class)
final class LbCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
