package dev.viridian.services.logs.pattern;

/// What a message must be like.
///
/// Source: CloudWatch Logs user guide, "Filter pattern syntax".
@FunctionalInterface
public interface FilterPattern {

    boolean matches(String message);

    /// @throws MalformedPattern when it is none
    static FilterPattern parse(String text) {
        String pattern = text.strip();
        if (pattern.isEmpty()) {
            return _ -> true;
        }
        return switch (pattern.charAt(0)) {
            case '{' -> JsonPattern.parse(pattern);
            case '[' -> FieldsPattern.parse(pattern);
            default -> WordsPattern.parse(pattern);
        };
    }
}
