package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Arn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// The rule of a composite alarm: `ALARM("a") AND NOT (OK(b) OR FALSE)`.
///
/// Source: CloudWatch API, PutCompositeAlarm, AlarmRule.
sealed interface CompositeRule {
    record Constant(boolean value) implements CompositeRule {}

    /// @param alarm its name
    record InState(StateValue state, String alarm) implements CompositeRule {}

    record Not(CompositeRule rule) implements CompositeRule {}

    record And(CompositeRule left, CompositeRule right) implements CompositeRule {}

    record Or(CompositeRule left, CompositeRule right) implements CompositeRule {}

    /// @param state of an alarm by name
    default boolean holds(Function<String, StateValue> state) {
        return switch (this) {
            case Constant(boolean value) -> value;
            case InState(StateValue wanted, String alarm) -> state.apply(alarm) == wanted;
            case Not(CompositeRule rule) -> !rule.holds(state);
            case And(CompositeRule left, CompositeRule right) -> left.holds(state) && right.holds(state);
            case Or(CompositeRule left, CompositeRule right) -> left.holds(state) || right.holds(state);
        };
    }

    /// The names it mentions.
    default Set<String> alarms() {
        Set<String> names = new LinkedHashSet<>();
        switch (this) {
            case Constant _ -> { }
            case InState(StateValue _, String alarm) -> names.add(alarm);
            case Not(CompositeRule rule) -> names.addAll(rule.alarms());
            case And(CompositeRule left, CompositeRule right) -> {
                names.addAll(left.alarms());
                names.addAll(right.alarms());
            }
            case Or(CompositeRule left, CompositeRule right) -> {
                names.addAll(left.alarms());
                names.addAll(right.alarms());
            }
        }
        return names;
    }

    /// @throws software.amazon.awssdk.services.cloudwatch.model.CloudWatchException when it is no rule
    static CompositeRule parse(String text) {
        Parser parser = new Parser(text);
        CompositeRule rule = parser.or();
        parser.end();
        return rule;
    }

    /// Recursive descent; NOT binds tighter than AND, AND tighter than OR.
    final class Parser {
        private static final Pattern TOKEN = Pattern.compile("\\s*(?:\"([^\"]*)\"|([()])|([^\\s()\"]+))");

        private final List<String> tokens = new ArrayList<>();
        private int next;

        Parser(String text) {
            Matcher matcher = TOKEN.matcher(text);
            int at = 0;
            while (!text.substring(at).isBlank()) {
                if (!matcher.find(at) || matcher.start() != at) {
                    throw malformed("unbalanced quotes");
                }
                tokens.add(matcher.group(1) != null ? "\"" + matcher.group(1) : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
                at = matcher.end();
            }
        }

        CompositeRule or() {
            CompositeRule left = and();
            while (accept("OR")) {
                left = new Or(left, and());
            }
            return left;
        }

        private CompositeRule and() {
            CompositeRule left = not();
            while (accept("AND")) {
                left = new And(left, not());
            }
            return left;
        }

        private CompositeRule not() {
            if (accept("NOT")) {
                return new Not(not());
            }
            if (accept("(")) {
                CompositeRule inner = or();
                expect(")");
                return inner;
            }
            String word = take().toUpperCase(Locale.ROOT);
            return switch (word) {
                case "TRUE" -> new Constant(true);
                case "FALSE" -> new Constant(false);
                case "ALARM", "OK", "INSUFFICIENT_DATA" -> new InState(StateValue.fromValue(word), alarm());
                default -> throw malformed("unexpected '" + word + "'");
            };
        }

        private String alarm() {
            expect("(");
            StringBuilder name = new StringBuilder(take());
            boolean quoted = name.charAt(0) == '"';
            while (!quoted && next < tokens.size() && !tokens.get(next).equals(")")) {
                name.append(' ').append(take());
            }
            expect(")");
            String plain = quoted ? name.substring(1) : name.toString();
            return Arn.isArn(plain) ? Arn.parse(plain).resource().replaceFirst("^alarm:", "") : plain;
        }

        private String take() {
            if (next == tokens.size()) {
                throw malformed("it ends too early");
            }
            return tokens.get(next++);
        }

        private boolean accept(String word) {
            boolean there = next < tokens.size() && tokens.get(next).equalsIgnoreCase(word);
            next += there ? 1 : 0;
            return there;
        }

        private void expect(String word) {
            if (!accept(word)) {
                throw malformed("'" + word + "' is missing");
            }
        }

        void end() {
            if (next < tokens.size()) {
                throw malformed("unexpected '" + tokens.get(next) + "'");
            }
        }

        private static RuntimeException malformed(String why) {
            return Refusals.validation("Error in AlarmRule: " + why + ".");
        }
    }
}
