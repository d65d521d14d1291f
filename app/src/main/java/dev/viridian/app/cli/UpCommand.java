package dev.viridian.app.cli;

import dev.viridian.app.HttpFront;
import dev.viridian.app.Settings;
import dev.viridian.app.Viridian;
import dev.viridian.app.cli.Main.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Starts the server and stays until it is told to stop.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the server. Ctrl-C stops it; what was under way goes on at the next start.",
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private ServerOptions options;

    @Option(names = "--ephemeral", description = "Keep everything in a temporary folder that is deleted at the end; offers POST /_viridian/reset.")
    private boolean ephemeral;

    @Override
    public Integer call() throws InterruptedException {
        Path folder = ephemeral ? temporary() : data.path();
        if (!ephemeral) {
            data.server().ifPresent(s -> {
                throw new Problem("a server already runs on " + data.path() + " (process " + s.pid() + ", " + s.endpoint() + ").");
            });
        }
        Settings settings = options.settings(folder, ephemeral);
        CountDownLatch stopped = new CountDownLatch(1);
        Viridian viridian;
        try {
            viridian = Viridian.start(settings);
        } catch (HttpFront.PortTaken e) {
            throw new Problem(e.getMessage());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(viridian, folder, stopped), "viridian-stop"));
        data.announce(folder, server(viridian, settings));
        greet(viridian, settings);
        stopped.await();
        return 0;
    }

    private static DataFolder.Server server(Viridian viridian, Settings settings) {
        return new DataFolder.Server(ProcessHandle.current().pid(), viridian.endpoint(), settings.account(), settings.region(),
                viridian.certificateAuthority().toString(), viridian.dockerHost().orElse(""));
    }

    private void greet(Viridian viridian, Settings settings) {
        String at = ephemeral ? " --data " + settings.data() : "";
        System.out.println("Viridian is up.");
        System.out.println("  every API   " + viridian.endpoint() + "   (https too, certificate authority " + viridian.certificateAuthority() + ")");
        System.out.println("  account     " + settings.account() + " in " + settings.region() + ", root key pair test/test" + (settings.open() ? " (any key and signature is accepted)" : ""));
        System.out.println("  engine      " + viridian.status().engine());
        System.out.println("  data        " + settings.data() + (ephemeral ? "   (deleted at the end)" : ""));
        if (settings.pace() != 1) {
            System.out.println("  pace        " + settings.pace() + ": waits configured in AWS terms pass that many times faster");
        }
        System.out.println("Next: eval \"$(viridian env" + at + ")\" in another shell, then use aws, git and docker as always. Ctrl-C stops the server.");
    }

    private void stop(Viridian viridian, Path folder, CountDownLatch stopped) {
        DataFolder.withdraw(folder);
        viridian.close();
        if (ephemeral) {
            delete(folder);
        }
        System.out.println("Viridian has stopped.");
        stopped.countDown();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("viridian-");
        } catch (IOException e) {
            throw new UncheckedIOException("Could not create a temporary folder", e);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("viridian: could not delete all of " + folder + ": " + e.getMessage());
        }
    }
}
