package dev.viridian.services.cloudwatch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A metric math expression, parsed.
///
/// Source: CloudWatch user guide, "Metric math syntax and functions".
sealed interface MathExpression {
    record Literal(double value) implements MathExpression {}

    record Text(String value) implements MathExpression {}

    /// Another query of the same request, by its id, or a word such as `REPEAT`.
    record Reference(String id) implements MathExpression {}

    record Negation(MathExpression operand) implements MathExpression {}

    record Operation(String operator, MathExpression left, MathExpression right) implements MathExpression {}

    /// @param function in capitals
    record Call(String function, List<MathExpression> arguments) implements MathExpression {}

    /// Not an expression; the message says where.
    final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    static MathExpression parse(String text) {
        Parser parser = new Parser(text);
        MathExpression expression = parser.expression(0);
        parser.expectEnd();
        return expression;
    }

    /// The ids of other queries that must be known to evaluate this; `METRICS()` depends on all metrics and says so with `*`.
    default Set<String> references() {
        return switch (this) {
            case Literal _, Text _ -> Set.of();
            case Reference(String id) -> Set.of(id);
            case Negation(MathExpression operand) -> operand.references();
            case Operation(String _, MathExpression left, MathExpression right) -> union(List.of(left, right));
            case Call(String function, List<MathExpression> _) when function.equals("METRICS") -> Set.of("*");
            case Call(String _, List<MathExpression> arguments) -> union(arguments);
        };
    }

    private static Set<String> union(List<MathExpression> parts) {
        Set<String> all = new LinkedHashSet<>();
        parts.forEach(part -> all.addAll(part.references()));
        return all;
    }

    /// Precedence climbing over a list of tokens.
    final class Parser {
        private static final Pattern TOKEN =
                Pattern.compile("\\s*(?:(\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)|(['\"])(.*?)\\2|([A-Za-z_][A-Za-z0-9_.]*)|(<=|>=|==|!=|&&|\\|\\||[-+*/%^(),<>\\[\\]]))");
        private static final List<List<String>> LEVELS = List.of(List.of("||", "OR"), List.of("&&", "AND"), List.of("==", "!=", "<=", ">=", "<", ">"),
                List.of("+", "-"),
                List.of("*", "/", "%"));

        private record Token(String kind, String text, int at) {}

        private final List<Token> tokens = new ArrayList<>();
        private int next;

        Parser(String text) {
            Matcher matcher = TOKEN.matcher(text);
            int at = 0;
            while (at < text.length() && !text.substring(at).isBlank()) {
                if (!matcher.find(at) || matcher.start() != at) {
                    throw new Malformed("unexpected character '" + text.substring(at).strip().charAt(0) + "' at position " + (at + 1));
                }
                tokens.add(token(matcher));
                at = matcher.end();
            }
        }

        private static Token token(Matcher matcher) {
            if (matcher.group(1) != null) {
                return new Token("number", matcher.group(1), matcher.start(1));
            }
            if (matcher.group(2) != null) {
                return new Token("text", matcher.group(3), matcher.start(2));
            }
            return matcher.group(4) != null ? new Token("name", matcher.group(4), matcher.start(4))
                    : new Token("sign", matcher.group(5), matcher.start(5));
        }

        MathExpression expression(int level) {
            if (level == LEVELS.size()) {
                return power();
            }
            MathExpression left = expression(level + 1);
            while (next < tokens.size() && LEVELS.get(level).contains(operator(tokens.get(next)))) {
                String operator = operator(tokens.get(next++));
                left = new Operation(operator, left, expression(level + 1));
            }
            return left;
        }

        private static String operator(Token token) {
            return token.kind().equals("sign") ? token.text() : token.kind().equals("name") ? token.text().toUpperCase(Locale.ROOT) : "";
        }

        private MathExpression power() {
            if (accept("-")) {
                return new Negation(power());
            }
            MathExpression base = primary();
            return accept("^") ? new Operation("^", base, power()) : base;
        }

        private MathExpression primary() {
            if (next == tokens.size()) {
                throw new Malformed("the expression ends too early");
            }
            Token token = tokens.get(next++);
            return switch (token.kind()) {
                case "number" -> new Literal(Double.parseDouble(token.text()));
                case "text" -> new Text(token.text());
                case "name" -> accept("(") ? new Call(token.text().toUpperCase(Locale.ROOT), list(")")) : new Reference(token.text());
                default -> bracketed(token);
            };
        }

        private MathExpression bracketed(Token token) {
            if (token.text().equals("[")) {
                return new Call("ARRAY", list("]"));
            }
            if (!token.text().equals("(")) {
                throw new Malformed("unexpected '" + token.text() + "' at position " + (token.at() + 1));
            }
            MathExpression inner = expression(0);
            expect(")");
            return inner;
        }

        private List<MathExpression> list(String end) {
            List<MathExpression> items = new ArrayList<>();
            if (accept(end)) {
                return items;
            }
            do {
                items.add(expression(0));
            } while (accept(","));
            expect(end);
            return List.copyOf(items);
        }

        private boolean accept(String sign) {
            boolean there = next < tokens.size() && tokens.get(next).kind().equals("sign") && tokens.get(next).text().equals(sign);
            next += there ? 1 : 0;
            return there;
        }

        private void expect(String sign) {
            if (!accept(sign)) {
                throw new Malformed("'" + sign + "' is missing" + (next < tokens.size() ? " before position " + (tokens.get(next).at() + 1)
                        : " at the end"));
            }
        }

        void expectEnd() {
            if (next < tokens.size()) {
                throw new Malformed("unexpected '" + tokens.get(next).text() + "' at position " + (tokens.get(next).at() + 1));
            }
        }
    }
}
