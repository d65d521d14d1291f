package dev.viridian.services.logs.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `{ $.level = "ERROR" && ($.code >= 500 || $.items[0].name = a*) }` for messages that are JSON objects; others never match.
final class JsonPattern implements FilterPattern {
    private static final String ENDS = "&|(){}<>=!,";

    private final Predicate<JsonNode> condition;

    private JsonPattern(Predicate<JsonNode> condition) {
        this.condition = condition;
    }

    static JsonPattern parse(String text) {
        Scanner in = new Scanner(text);
        in.expect("{");
        Predicate<JsonNode> condition = either(in);
        in.expect("}");
        if (!in.isAtEnd()) {
            throw new MalformedPattern("nothing may follow the closing brace, at position " + in.position());
        }
        return new JsonPattern(condition);
    }

    @Override
    public boolean matches(String message) {
        if (!message.stripLeading().startsWith("{")) {
            return false;
        }
        try {
            return condition.test(JsonMapper.shared().readTree(message));
        } catch (JacksonException e) {
            return false; // a line that only begins like JSON
        }
    }

    private static Predicate<JsonNode> either(Scanner in) {
        Predicate<JsonNode> condition = both(in);
        while (in.take("||")) {
            condition = condition.or(both(in));
        }
        return condition;
    }

    private static Predicate<JsonNode> both(Scanner in) {
        Predicate<JsonNode> condition = single(in);
        while (in.take("&&")) {
            condition = condition.and(single(in));
        }
        return condition;
    }

    private static Predicate<JsonNode> single(Scanner in) {
        if (in.take("(")) {
            Predicate<JsonNode> condition = either(in);
            in.expect(")");
            return condition;
        }
        Function<JsonNode, JsonNode> selected = selector(in);
        if (in.takeWord("IS")) {
            boolean negated = in.takeWord("NOT");
            Predicate<JsonNode> kind = kind(in);
            return node -> !selected.apply(node).isMissingNode() && kind.test(selected.apply(node)) != negated;
        }
        if (in.takeWord("NOT")) {
            expectWord(in, "EXISTS");
            return node -> selected.apply(node).isMissingNode();
        }
        if (in.takeWord("EXISTS")) {
            return node -> !selected.apply(node).isMissingNode();
        }
        String operator = in.operator();
        boolean quoted = in.isQuote();
        Predicate<String> comparison = Comparison.of(operator, in.value(ENDS), quoted);
        return node -> selected.apply(node).isValueNode() && !selected.apply(node).isNull() && comparison.test(selected.apply(node).asString());
    }

    private static Predicate<JsonNode> kind(Scanner in) {
        if (in.takeWord("NULL")) {
            return JsonNode::isNull;
        }
        if (in.takeWord("TRUE")) {
            return node -> node.isBoolean() && node.booleanValue();
        }
        expectWord(in, "FALSE");
        return node -> node.isBoolean() && !node.booleanValue();
    }

    private static void expectWord(Scanner in, String word) {
        if (!in.takeWord(word)) {
            throw new MalformedPattern("expected " + word + " at position " + in.position());
        }
    }

    /// `$.a.b[0]` or `$.['a-b']`.
    private static Function<JsonNode, JsonNode> selector(Scanner in) {
        in.expect("$");
        List<Function<JsonNode, JsonNode>> steps = new ArrayList<>();
        while (true) {
            if (in.take("[")) {
                steps.add(bracketed(in));
            } else if (in.take(".")) {
                if (!in.take("[")) {
                    String name = in.value(ENDS + ".[");
                    steps.add(node -> node.path(name));
                } else {
                    steps.add(bracketed(in));
                }
            } else {
                return node -> {
                    JsonNode at = node;
                    for (Function<JsonNode, JsonNode> step : steps) {
                        at = step.apply(at);
                    }
                    return at;
                };
            }
        }
    }

    private static Function<JsonNode, JsonNode> bracketed(Scanner in) {
        String inside = in.value("]");
        in.expect("]");
        if (inside.matches("\\d{1,9}")) {
            int index = Integer.parseInt(inside);
            return node -> node.path(index);
        }
        String name = inside.startsWith("'") && inside.endsWith("'") && inside.length() > 1 ? inside.substring(1, inside.length() - 1) : inside;
        return node -> node.path(name);
    }
}
