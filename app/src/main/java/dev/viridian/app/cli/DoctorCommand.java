package dev.viridian.app.cli;

import dev.viridian.app.Engines;
import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what this machine has and lacks for running Viridian.
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Check what this machine has and lacks, and say how to get it. Exit code 1 when something needed is missing.")
final class DoctorCommand implements Callable<Integer> {
    private record Check(String what, boolean needed, boolean ok, String found, String remedy) {}

    @Mixin
    private DataFolder data;

    @Override
    public Integer call() throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("Java", true, Runtime.version().feature() >= 25, Runtime.version().toString(), "install Java 25"));
        Engines.Found engine;
        try (SystemTime time = new SystemTime()) {
            engine = Engines.look(time);
        }
        checks.add(new Check("container engine", true, engine.available(), engine.description(), "install Docker Engine ('apt-get install docker.io') or Docker Desktop and start it"));
        checks.add(tool("git", true, "apt-get install git", "git", "--version"));
        checks.add(tool("docker", false, "apt-get install docker.io (or docker-cli)", "docker", "--version"));
        checks.add(tool("aws", false, "apt-get install awscli, or AWS's own installer", "aws", "--version"));
        checks.add(new Check("server", false, data.server().isPresent(), data.server().map(s -> s.endpoint() + ", process " + s.pid()).orElse("none on " + data.path()), "viridian up"));
        for (Check check : checks) {
            System.out.printf("%s %-17s %s%n", check.ok() ? "ok  " : check.needed() ? "MISS" : "-   ", check.what(), check.found());
            if (!check.ok()) {
                System.out.printf("     %-17s %s%s%n", "", check.needed() ? "needed: " : "optional: ", check.remedy());
            }
        }
        return checks.stream().allMatch(c -> c.ok() || !c.needed()) ? 0 : 1;
    }

    private static Check tool(String name, boolean needed, String remedy, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String first = new String(process.getInputStream().readAllBytes()).lines().findFirst().orElse("");
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? new Check(name, needed, true, first, remedy)
                    : new Check(name, needed, false, "does not run: " + first, remedy);
        } catch (IOException e) {
            return new Check(name, needed, false, "not found", remedy);
        }
    }
}
