package dev.viridian.services.codedeploy.appspec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A value in the file together with the words that lead to it, so that every complaint can say where.
record Place(String path, Node node) {

    AppSpecException wrong(String expected) {
        return new AppSpecException("The AppSpec is not valid at line " + line() + ", column " + column() + ": " + path + " " + expected + ".");
    }

    private int line() {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private int column() {
        return node.getStartMark().map(Mark::getColumn).orElse(0) + 1;
    }

    boolean isNull() {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    /// The value under `key`, whatever the case it is written in; a key without a value counts as absent.
    Optional<Place> find(String key) {
        return Optional.ofNullable(entries().get(key.toLowerCase(java.util.Locale.ROOT))).filter(place -> !place.isNull());
    }

    Place require(String key) {
        return find(key).orElseThrow(() -> wrong("must contain " + key));
    }

    /// The members by lower-case key, in the order of the file.
    Map<String, Place> entries() {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong("must be a mapping of names to values");
        }
        Map<String, Place> entries = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            String name = new Place(path, entry.getKeyNode()).text();
            Place value = new Place(path + "." + name, entry.getValueNode());
            if (entries.put(name.toLowerCase(java.util.Locale.ROOT), value) != null) {
                throw new Place(path + "." + name, entry.getKeyNode()).wrong("is given twice");
            }
        }
        return entries;
    }

    List<Place> items() {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong("must be a list");
        }
        List<Place> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new Place(path + "[" + items.size() + "]", item));
        }
        return items;
    }

    String text() {
        if (!(node instanceof ScalarNode scalar) || isNull()) {
            throw wrong("must be a text");
        }
        if (scalar.getValue().isBlank()) {
            throw wrong("must not be empty");
        }
        return scalar.getValue().strip();
    }

    int number(int least, int most) {
        String text = text();
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw wrong("must be a whole number from " + least + " to " + most + ", not " + text);
        }
        return Integer.parseInt(text);
    }

    /// The last word of the path: the key under which this value stands, as written.
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
