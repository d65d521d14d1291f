package dev.viridian.services.logs.pattern;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An operator and a value, as they follow a JSON selector or a field's name.
///
/// Numbers are compared as numbers, everything else as text in which `*` stands for anything.
final class Comparison {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Comparison() {}

    /// @param operator one of `= != < > <= >=`
    static Predicate<String> of(String operator, String value, boolean quoted) {
        if (!quoted && value.length() > 1 && value.startsWith("%") && value.endsWith("%")) {
            Predicate<String> found = WordsPattern.regex(value.substring(1, value.length() - 1));
            return equality(operator, found);
        }
        Double number = quoted ? null : number(value);
        if (number != null) {
            return text -> {
                Double actual = number(text);
                return actual != null && holds(operator, Double.compare(actual, number)) || actual == null && operator.equals("!=");
            };
        }
        Pattern wildcard = Pattern.compile(Pattern.quote(value).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
        return equality(operator, text -> wildcard.matcher(text).matches());
    }

    private static Predicate<String> equality(String operator, Predicate<String> equal) {
        return switch (operator) {
            case "=" -> equal;
            case "!=" -> equal.negate();
            default -> throw new MalformedPattern("'" + operator + "' compares numbers only");
        };
    }

    private static boolean holds(String operator, int comparison) {
        return switch (operator) {
            case "=" -> comparison == 0;
            case "!=" -> comparison != 0;
            case "<" -> comparison < 0;
            case ">" -> comparison > 0;
            case "<=" -> comparison <= 0;
            case ">=" -> comparison >= 0;
            default -> throw new MalformedPattern("'" + operator + "' is not a comparison");
        };
    }

    private static @Nullable Double number(String text) {
        return NUMBER.matcher(text).matches() ? Double.valueOf(text) : null;
    }
}
