package dev.viridian.services.codebuild;

import dev.viridian.services.codebuild.Plan.OnFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;

/// Reads buildspecs of version 0.1 and 0.2.
///
/// Unknown keys at the top are ignored, as AWS does. What would change the meaning of the build and is not done here is refused, not skipped.
///
/// Source: user guide, "Build specification reference for CodeBuild".
final class Buildspec {
    private static final Set<String> PHASES = Set.of("install", "pre_build", "build", "post_build");
    private final YamlTree root;
    private final List<String> remarks = new ArrayList<>();

    private Buildspec(YamlTree root) {
        this.root = root;
    }

    /// @param file as its author calls it, for messages
    static Plan parse(String file, String text) throws BuildspecException {
        return new Buildspec(YamlTree.parse(file, text)).plan();
    }

    private Plan plan() throws BuildspecException {
        String version = version();
        refuse(root, "run-as", "commands of another user than root");
        if (root.child("reports").isPresent()) {
            remarks.add("reports are not collected here: the reports section is ignored.");
        }
        Optional<YamlTree> env = root.child("env");
        Optional<YamlTree> artifacts = root.child("artifacts");
        return new Plan(version, shell(env), variables(version, env), map(env, "parameter-store"), map(env, "secrets-manager"),
                exported(env), phases(), artifacts.isPresent() ? main(artifacts.get()) : Optional.empty(), secondary(artifacts), remarks);
    }

    private String version() throws BuildspecException {
        Optional<YamlTree> version = root.child("version");
        if (version.isEmpty()) {
            throw new BuildspecException(root.file() + ": expected 'version: 0.2', found no version");
        }
        String text = version.get().text("version 0.1 or 0.2");
        if (!text.equals("0.1") && !text.equals("0.2")) {
            throw version.get().wrong("version 0.1 or 0.2");
        }
        return text;
    }

    private String shell(Optional<YamlTree> env) throws BuildspecException {
        Optional<YamlTree> shell = env.isPresent() ? env.get().child("shell") : Optional.empty();
        if (shell.isEmpty()) {
            return "/bin/sh";
        }
        return switch (shell.get().text("bash or /bin/sh")) {
            case "bash" -> "bash";
            case "/bin/sh", "sh" -> "/bin/sh";
            default -> throw shell.get().wrong("bash or /bin/sh");
        };
    }

    private Map<String, String> variables(String version, Optional<YamlTree> env) throws BuildspecException {
        if (version.equals("0.1")) {
            Optional<YamlTree> old = root.child("environment_variables");
            return old.isPresent() ? map(old, "plaintext") : Map.of();
        }
        return map(env, "variables");
    }

    private static Map<String, String> map(Optional<YamlTree> parent, String key) throws BuildspecException {
        Optional<YamlTree> child = parent.isPresent() ? parent.get().child(key) : Optional.empty();
        return child.isPresent() ? child.get().textsByKey("names and text values under " + key) : Map.of();
    }

    private static List<String> exported(Optional<YamlTree> env) throws BuildspecException {
        Optional<YamlTree> child = env.isPresent() ? env.get().child("exported-variables") : Optional.empty();
        return child.isPresent() ? child.get().texts("a list of variable names under exported-variables") : List.of();
    }

    private List<Plan.Phase> phases() throws BuildspecException {
        Optional<YamlTree> phases = root.child("phases");
        if (phases.isEmpty()) {
            throw new BuildspecException(root.file() + ": expected a section 'phases', found none");
        }
        List<Plan.Phase> result = new ArrayList<>();
        for (Map.Entry<String, YamlTree> entry : phases.get().children("phases install, pre_build, build and post_build").entrySet()) {
            if (!PHASES.contains(entry.getKey())) {
                throw new BuildspecException(root.file() + ", line " + entry.getValue().line()
                        + ": expected phase install, pre_build, build or post_build, found '" + entry.getKey() + "'");
            }
            if (!entry.getValue().isEmpty()) {
                result.add(phase(BuildPhaseType.fromValue(entry.getKey().toUpperCase(Locale.ROOT)), entry.getValue()));
            }
        }
        return result;
    }

    private Plan.Phase phase(BuildPhaseType type, YamlTree phase) throws BuildspecException {
        refuse(phase, "run-as", "commands of another user than root");
        boolean runtimes = phase.child("runtime-versions").isPresent();
        if (runtimes) {
            remarks.add("Skipping install of runtimes. Runtime version selection is not supported by this build image.");
        }
        Optional<YamlTree> commands = phase.child("commands");
        if (commands.isEmpty() && !runtimes && phase.child("finally").isEmpty()) {
            throw new BuildspecException(root.file() + ", line " + phase.line() + ": expected 'commands' in phase "
                    + type.toString().toLowerCase(Locale.ROOT) + ", found none");
        }
        Optional<YamlTree> last = phase.child("finally");
        return new Plan.Phase(type, commands.isPresent() ? commands("Commands", commands.get()) : List.of(),
                last.isPresent() ? commands("Finally", last.get()) : List.of(), onFailure(phase));
    }

    /// AWS's own sentence for the commonest mistake, a command that contains a colon and a space: observed in build logs.
    private static List<String> commands(String kind, YamlTree list) throws BuildspecException {
        List<String> commands = new ArrayList<>();
        for (YamlTree item : list.items("a list of commands")) {
            if (item.isMapping()) {
                throw new BuildspecException("Expected " + kind + "[" + commands.size() + "] to be of string type: found subkeys instead at line "
                        + item.line() + ", value of the key tag on line " + (item.line() - 1) + " might be empty");
            }
            commands.add(item.text("a command"));
        }
        return commands;
    }

    private static Optional<OnFailure> onFailure(YamlTree phase) throws BuildspecException {
        Optional<YamlTree> choice = phase.child("on-failure");
        if (choice.isEmpty()) {
            return Optional.empty();
        }
        return switch (choice.get().text("ABORT or CONTINUE")) {
            case "ABORT" -> Optional.of(OnFailure.ABORT);
            case "CONTINUE" -> Optional.of(OnFailure.CONTINUE);
            default -> throw choice.get().wrong("on-failure ABORT or CONTINUE (RETRY is not available here)");
        };
    }

    private Optional<Plan.Artifacts> main(YamlTree artifacts) throws BuildspecException {
        if (artifacts.child("files").isEmpty()) {
            if (artifacts.child("secondary-artifacts").isPresent()) {
                return Optional.empty();
            }
            throw new BuildspecException(root.file() + ", line " + artifacts.line() + ": expected a list 'files' under artifacts, found none");
        }
        return Optional.of(artifacts(artifacts));
    }

    private Map<String, Plan.Artifacts> secondary(Optional<YamlTree> artifacts) throws BuildspecException {
        Map<String, Plan.Artifacts> result = new LinkedHashMap<>();
        Optional<YamlTree> secondary = artifacts.isPresent() ? artifacts.get().child("secondary-artifacts") : Optional.empty();
        if (secondary.isPresent()) {
            for (Map.Entry<String, YamlTree> entry : secondary.get().children("artifacts by identifier").entrySet()) {
                result.put(entry.getKey(), artifacts(entry.getValue()));
            }
        }
        return result;
    }

    private Plan.Artifacts artifacts(YamlTree tree) throws BuildspecException {
        Optional<YamlTree> files = tree.child("files");
        if (files.isEmpty()) {
            throw tree.wrong("a list 'files'");
        }
        refuse(tree, "s3-prefix", "a prefix for artifacts");
        Optional<YamlTree> excluded = tree.child("exclude-paths");
        Optional<YamlTree> base = tree.child("base-directory");
        Optional<YamlTree> discard = tree.child("discard-paths");
        Optional<YamlTree> name = tree.child("name");
        return new Plan.Artifacts(files.get().texts("a list of file patterns"),
                excluded.isPresent() ? excluded.get().texts("a list of file patterns") : List.of(),
                base.isPresent() ? base.get().text("a directory") : ".", discard.isPresent() && discard.get().flag("yes or no"),
                name.isPresent() ? Optional.of(name.get().text("a name")) : Optional.empty());
    }

    private static void refuse(YamlTree tree, String key, String what) throws BuildspecException {
        Optional<YamlTree> child = tree.child(key);
        if (child.isPresent()) {
            throw new BuildspecException(tree.file() + ", line " + child.get().line() + ": " + key + ": " + what + " is not available here");
        }
    }
}
