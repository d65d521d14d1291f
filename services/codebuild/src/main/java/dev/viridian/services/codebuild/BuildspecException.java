package dev.viridian.services.codebuild;

/// A buildspec that cannot be used; the message says where and what was expected.
final class BuildspecException extends Exception {
    private static final long serialVersionUID = 1;

    BuildspecException(String message) {
        super(message);
    }
}
