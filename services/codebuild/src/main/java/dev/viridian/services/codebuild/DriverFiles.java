package dev.viridian.services.codebuild;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the driver finds in its container: the plan, one file per command, and the scripts beside this class.
final class DriverFiles {
    static final String HOME = "/codebuild/viridian";
    /// Where a privileged build finds its socket.
    static final String ENGINE = "/codebuild/engine";
    static final List<String> COMMAND_LINE = List.of("/bin/sh", HOME + "/driver.sh");

    private DriverFiles() {}

    static void write(TarFile tar, BuildRun run, Plan plan, Map<String, String> variables, String directory) throws IOException {
        for (String script : List.of("driver.sh", "command.sh", "value.sh")) {
            tar.program(HOME + "/" + script, resource(script));
        }
        tar.text(HOME + "/mark", run.mark());
        tar.text(HOME + "/shell", plan.shell());
        tar.text(HOME + "/exported", lines(plan.exported().stream().filter(DriverFiles::mayBeExported).toList()));
        tar.text(HOME + "/state/cwd", directory);
        tar.text(HOME + "/state/variables", exports(run, variables));
        if (plan.version().equals("0.1")) {
            // nothing is kept from one command to the next
            tar.text(HOME + "/fresh", "");
        }
        for (Plan.Phase phase : plan.phases()) {
            write(tar, phase);
        }
        if (run.build().environment().privilegedMode()) {
            tar.program(HOME + "/bin/docker", resource("docker.sh"));
            tar.link("/var/run/docker.sock", ENGINE + "/docker.sock");
        }
    }

    private static void write(TarFile tar, Plan.Phase phase) throws IOException {
        String folder = HOME + "/plan/" + phase.type();
        commands(tar, folder + "/commands", phase.commands());
        commands(tar, folder + "/finally", phase.last());
        if (phase.onFailure().isPresent()) {
            tar.text(folder + "/on-failure", phase.onFailure().get().name());
        }
    }

    private static void commands(TarFile tar, String folder, List<String> commands) throws IOException {
        for (int i = 0; i < commands.size(); i++) {
            tar.text(folder + "/" + String.format(Locale.ROOT, "%05d", i), commands.get(i));
        }
    }

    /// AWS refuses to export its own variables and secrets would leave the build that way too.
    private static boolean mayBeExported(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") && !name.startsWith("AWS_") && !name.startsWith("CODEBUILD_");
    }

    private static String exports(BuildRun run, Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> text.append("export ").append(name).append("='").append(value.replace("'", "'\\''")).append("'\n"));
        if (run.build().environment().privilegedMode()) {
            text.append("export PATH=\"").append(HOME).append("/bin:$PATH\"\n");
        }
        return text.toString();
    }

    private static String lines(List<String> values) {
        StringBuilder text = new StringBuilder();
        values.forEach(value -> text.append(value).append('\n'));
        return text.toString();
    }

    static String resource(String name) {
        try (InputStream in = DriverFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("could not read resource " + name, e);
        }
    }
}
