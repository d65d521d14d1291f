package dev.viridian.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The command `viridian`.
@Command(
        name = "viridian",
        mixinStandardHelpOptions = true,
        version = "viridian 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Blue/green delivery on your own machine, speaking AWS's protocols:",
            "git push, build, registry, deployment, weighted traffic, alarms, rollback."
        },
        footer = {
            "",
            "First steps:",
            "  viridian demo                 see the whole story, from a push to a rollback",
            "  viridian up                   start the server",
            "  eval \"$(viridian env)\"        point aws, git and docker at it",
            "",
            "'viridian test' runs all tests, 'viridian COMMAND --help' explains a command."
        },
        subcommands = {UpCommand.class, EnvCommand.class, StatusCommand.class, LbCommand.class, DoctorCommand.class, DemoCommand.class, BenchCommand.class})
public final class Main implements Runnable {

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::explain)
                .setExecutionExceptionHandler((failure, line, _) -> {
                    if (failure instanceof Problem) {
                        line.getErr().println("viridian: " + failure.getMessage());
                        return 1;
                    }
                    throw failure;
                });
    }

    private static int explain(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        line.getErr().println("viridian: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, line.getErr());
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return 2;
    }

    @Override
    public void run() {
        new CommandLine(new Main()).usage(System.out);
    }

    /// Something the person at the keyboard can mend; shown without a stack trace.
    static final class Problem extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Problem(String message) {
            super(message);
        }
    }
}
