package dev.viridian.app.demo;

import dev.viridian.app.Engines;
import dev.viridian.engine.time.Polling;
import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds what the story needs: git, a container engine (installed and started when asked to), and base images.
public final class Preparation {
    private static final Duration ENGINE_START = Duration.ofSeconds(30);
    private static final List<String> IMAGES = List.of("nginx", "standard");

    private final boolean mayInstall;
    private final SystemTime time = new SystemTime();

    public Preparation(boolean mayInstall) {
        this.mayInstall = mayInstall;
    }

    /// @throws Failed with one line saying what is missing and how to get it
    public void prepare() {
        if (!runs("git", "--version")) {
            throw new Failed("git is missing; 'apt-get install git' (or your system's way) brings it");
        }
        Engines.Found engine = Engines.look(time);
        if (!engine.available()) {
            engine = startEngine(engine);
        }
        System.out.println("Engine: " + engine.description());
        baseImages();
    }

    private Engines.Found startEngine(Engines.Found none) {
        boolean debian = Files.isExecutable(Path.of("/usr/bin/apt-get")) && "root".equals(System.getProperty("user.name"));
        if (!mayInstall || !debian) {
            throw new Failed("there is no container engine (" + none.description() + "). Install and start Docker Engine or Docker Desktop"
                    + (debian ? ", or let 'viridian demo --install' do it." : "."));
        }
        if (!Files.isExecutable(Path.of("/usr/sbin/dockerd"))) {
            System.out.println("Installing a Docker Engine (apt-get install docker.io) ...");
            run("apt-get", "update", "-q");
            run("apt-get", "install", "-y", "-q", "--no-install-recommends", "docker.io", "iptables", "ca-certificates");
        }
        System.out.println("Starting dockerd ...");
        Path log = Path.of(System.getProperty("java.io.tmpdir"), "viridian-dockerd.log");
        try {
            new ProcessBuilder("setsid", "dockerd").redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            throw new Failed("could not start dockerd: " + e.getMessage());
        }
        return Polling.until(Duration.ofMillis(200), ENGINE_START, () -> Optional.of(Engines.look(time)).filter(Engines.Found::available))
                .orElseThrow(() -> new Failed("dockerd did not answer within " + ENGINE_START.toSeconds() + " s; its log is " + log));
    }

    /// Nothing is pulled: the scripts make the images from Debian packages, once.
    private void baseImages() {
        String home = System.getProperty("viridian.home", ".");
        List<String> command = new ArrayList<>(List.of(home + "/images/build.sh"));
        command.addAll(IMAGES);
        run(command.toArray(String[]::new));
    }

    private static void run(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new Failed("'" + String.join(" ", command) + "' ended with exit code " + code);
            }
        } catch (IOException e) {
            throw new Failed("could not run '" + command[0] + "': " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
