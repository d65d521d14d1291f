package dev.viridian.services.iam.policy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `${aws:username}` and its kind, with the default of `${key, 'default'}`. In documents of 2012-10-17 only.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\s*([^},]+?)\\s*(?:,\\s*'([^']*)'\\s*)?}");

    private Variables() {}

    /// The pattern with its variables filled in; empty when one has no value, for then the element matches nothing.
    static Optional<String> fill(String pattern, AccessRequest request, String version) {
        if (!version.equals("2012-10-17") || !pattern.contains("${")) {
            return Optional.of(pattern);
        }
        StringBuilder filled = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(pattern);
        while (matcher.find()) {
            Optional<String> value = value(matcher.group(1), request).or(() -> Optional.ofNullable(matcher.group(2)));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value.get()));
        }
        return Optional.of(matcher.appendTail(filled).toString());
    }

    private static Optional<String> value(String key, AccessRequest request) {
        return switch (key) {
            case "*" -> Optional.of(String.valueOf(Glob.STAR));
            case "?" -> Optional.of(String.valueOf(Glob.QUESTION));
            case "$" -> Optional.of(String.valueOf(Glob.DOLLAR));
            default -> request.values(key).filter(values -> values.size() == 1).map(values -> literal(values.getFirst()));
        };
    }

    /// A value is never a pattern, whatever characters it has.
    private static String literal(String value) {
        return value.replace('*', Glob.STAR).replace('?', Glob.QUESTION);
    }
}
