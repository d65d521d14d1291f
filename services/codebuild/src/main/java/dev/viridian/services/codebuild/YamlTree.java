package dev.viridian.services.codebuild;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A YAML document that knows the line of everything in it.
///
/// @param file as its author calls it, for messages
record YamlTree(String file, Node node) {

    static YamlTree parse(String file, String text) throws BuildspecException {
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(false).build();
            return new YamlTree(file, new Compose(settings).composeString(text)
                    .orElseThrow(() -> new BuildspecException(file + " is empty: expected a buildspec that begins with 'version: 0.2'")));
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
            throw new BuildspecException(file + line + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new BuildspecException(file + ": " + e.getMessage());
        }
    }

    int line() {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    /// An empty value, as in `commands:` with nothing after it.
    boolean isEmpty() {
        return node instanceof ScalarNode scalar && scalar.getValue().isEmpty() && scalar.isPlain();
    }

    Optional<YamlTree> child(String key) throws BuildspecException {
        return Optional.ofNullable(children("a mapping").get(key)).filter(child -> !child.isEmpty());
    }

    /// In the order of the file.
    Map<String, YamlTree> children(String expected) throws BuildspecException {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(expected);
        }
        Map<String, YamlTree> children = new LinkedHashMap<>();
        mapping.getValue().forEach(tuple -> {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                children.put(key.getValue(), new YamlTree(file, tuple.getValueNode()));
            }
        });
        return children;
    }

    List<YamlTree> items(String expected) throws BuildspecException {
        if (isEmpty()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong(expected);
        }
        return sequence.getValue().stream().map(item -> new YamlTree(file, item)).toList();
    }

    String text(String expected) throws BuildspecException {
        if (!(node instanceof ScalarNode scalar)) {
            throw wrong(expected);
        }
        return scalar.getValue();
    }

    List<String> texts(String expected) throws BuildspecException {
        List<String> texts = new ArrayList<>();
        for (YamlTree item : items(expected)) {
            texts.add(item.text(expected));
        }
        return texts;
    }

    Map<String, String> textsByKey(String expected) throws BuildspecException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, YamlTree> entry : children(expected).entrySet()) {
            texts.put(entry.getKey(), entry.getValue().text(expected));
        }
        return texts;
    }

    /// `yes` and `no` are words of YAML 1.1 that buildspecs go on using.
    boolean flag(String expected) throws BuildspecException {
        return switch (text(expected).toLowerCase(java.util.Locale.ROOT)) {
            case "yes", "true", "on" -> true;
            case "no", "false", "off" -> false;
            default -> throw wrong(expected);
        };
    }

    BuildspecException wrong(String expected) {
        String found = switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar -> scalar.getValue().isEmpty() ? "nothing" : "'" + scalar.getValue() + "'";
            default -> node.getNodeType().toString();
        };
        return new BuildspecException(file + ", line " + line() + ": expected " + expected + ", found " + found);
    }
}
