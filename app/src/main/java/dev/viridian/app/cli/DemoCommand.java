package dev.viridian.app.cli;

import dev.viridian.app.Settings;
import dev.viridian.app.Viridian;
import dev.viridian.app.cli.Main.Problem;
import dev.viridian.app.demo.Failed;
import dev.viridian.app.demo.Preparation;
import dev.viridian.app.demo.Story;
import dev.viridian.aws.Caller;
import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Tells and does the story of walkthrough 000.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "See the whole story happen: an application behind a load balancer, a push that turns it green,",
            "a push that fails and is taken back. Real git, real images, real containers, real traffic.",
            "Exit code 0 only when all of it happened."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--pace", paramLabel = "N", defaultValue = "60", description = "Let waits configured in AWS terms pass N times faster (default: 60; 1 is real time).")
    private double pace;

    @Option(names = "--install", description = "On Debian and Ubuntu, as root: install and start a Docker Engine when there is none.")
    private boolean install;

    @Option(names = "--keep", description = "Stay up at the end, until Ctrl-C, so that one can look around.")
    private boolean keep;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("viridian-demo-");
        try {
            new Preparation(install).prepare();
            return run(folder);
        } catch (Failed e) {
            throw new Problem("the demo did not come to its end: " + e.getMessage());
        } finally {
            UpCommand.delete(folder);
        }
    }

    private int run(Path folder) {
        Settings settings = new Settings(folder.resolve("data"), "127.0.0.1", 0, pace, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, true);
        SystemTime time = new SystemTime();
        try (Viridian viridian = Viridian.start(settings)) {
            Caller.run(viridian.root(), () -> new Story(viridian, time, pace, folder.resolve("clone")).tell());
            if (keep) {
                System.out.println();
                System.out.println("Still up at " + viridian.endpoint() + " (account " + settings.account() + ", keys test/test). Ctrl-C ends it.");
                waitForever();
            }
            return 0;
        } finally {
            time.close();
        }
    }

    private static void waitForever() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
