package dev.viridian.services.logs.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// `[ip, user, ..., status = 4* || status = 5*, bytes > 1000]` for messages of fields between blanks; brackets and quotes hold fields together.
final class FieldsPattern implements FilterPattern {
    private static final String ENDS = "&|(),]<>=!";

    /// @param rest whether this stands for any number of fields
    private record Field(boolean rest, Predicate<String> condition) {}

    private final List<Field> fields;

    private FieldsPattern(List<Field> fields) {
        this.fields = fields;
    }

    static FieldsPattern parse(String text) {
        Scanner in = new Scanner(text);
        List<Field> fields = new ArrayList<>();
        in.expect("[");
        do {
            fields.add(in.take("...") ? new Field(true, _ -> true) : new Field(false, either(in)));
        } while (in.take(","));
        in.expect("]");
        if (!in.isAtEnd() || fields.stream().filter(Field::rest).count() > 1) {
            throw new MalformedPattern("'" + text + "' must be one list of fields with at most one '...'");
        }
        return new FieldsPattern(List.copyOf(fields));
    }

    @Override
    public boolean matches(String message) {
        List<String> values = split(message);
        int rest = rest();
        int missing = values.size() - (fields.size() - (rest < 0 ? 0 : 1));
        if (rest < 0 ? missing != 0 : missing < 0) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            int at = rest >= 0 && i > rest ? i + missing - 1 : i;
            if (i != rest && !fields.get(i).condition().test(values.get(at))) {
                return false;
            }
        }
        return true;
    }

    private int rest() {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).rest()) {
                return i;
            }
        }
        return -1;
    }

    private static Predicate<String> either(Scanner in) {
        Predicate<String> condition = both(in);
        while (in.take("||")) {
            condition = condition.or(both(in));
        }
        return condition;
    }

    private static Predicate<String> both(Scanner in) {
        Predicate<String> condition = single(in);
        while (in.take("&&")) {
            condition = condition.and(single(in));
        }
        return condition;
    }

    /// A field's name alone stands for any value; the name before a comparison only tells the reader what is compared.
    private static Predicate<String> single(Scanner in) {
        in.value(ENDS);
        for (String operator : new String[] {"!=", "<=", ">=", "=", "<", ">"}) {
            if (in.take(operator)) {
                boolean quoted = in.isQuote();
                return Comparison.of(operator, in.value(ENDS), quoted);
            }
        }
        return _ -> true;
    }

    private static List<String> split(String message) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at < message.length()) {
            char c = message.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            char closing = c == '[' ? ']' : c == '"' ? '"' : ' ';
            int end = message.indexOf(closing, at + 1);
            if (end < 0) {
                end = message.length();
            }
            values.add(message.substring(closing == ' ' ? at : at + 1, end));
            at = end + 1;
        }
        return values;
    }
}
