package dev.viridian.aws.shapes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way in which a request is not valid.
///
/// @param path as AWS names it: lower camel case, list elements from 1, e.g. `tags.1.member.key`
/// @param member the member's name in the API model
/// @param value null when the member is missing
public record Violation(String path, String member, @Nullable Object value, Rule rule) {

    /// What the value had to be.
    public sealed interface Rule {
        record Present() implements Rule {}

        record LengthAtLeast(long length) implements Rule {}

        record LengthAtMost(long length) implements Rule {}

        record AtLeast(double value) implements Rule {}

        record AtMost(double value) implements Rule {}

        record Matching(String pattern) implements Rule {}

        record OneOf(List<String> values) implements Rule {}
    }

    /// Whether the member is missing, or so empty that a service with a `...RequiredException` answers that.
    public boolean isMissing() {
        return value == null || rule instanceof Rule.LengthAtLeast && "".equals(value);
    }

    /// The sentence of AWS's common request validation, without the count before it.
    ///
    /// Source: answers of IAM, ELBv2, CloudWatch and CodePipeline, e.g. `Value 'x' at 'stateValue' failed to satisfy constraint: Member must ...`.
    public String sentence() {
        String shown = value == null ? "null" : "'" + value + "'";
        return "Value " + shown + " at '" + path + "' failed to satisfy constraint: Member " + requirement();
    }

    /// From `must` on.
    public String requirement() {
        return switch (rule) {
            case Rule.Present() -> "must not be null";
            case Rule.LengthAtLeast(long length) -> "must have length greater than or equal to " + length;
            case Rule.LengthAtMost(long length) -> "must have length less than or equal to " + length;
            case Rule.AtLeast(double least) -> "must have value greater than or equal to " + plain(least);
            case Rule.AtMost(double most) -> "must have value less than or equal to " + plain(most);
            case Rule.Matching(String pattern) -> "must satisfy regular expression pattern: " + pattern;
            case Rule.OneOf(List<String> values) -> "must satisfy enum value set: [" + String.join(", ", values) + "]";
        };
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
