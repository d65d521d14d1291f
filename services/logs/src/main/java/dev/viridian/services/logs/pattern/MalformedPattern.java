package dev.viridian.services.logs.pattern;

/// A text that is not a filter pattern; says what was expected and where.
public final class MalformedPattern extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedPattern(String message) {
        super("Invalid filter pattern: " + message);
    }
}
