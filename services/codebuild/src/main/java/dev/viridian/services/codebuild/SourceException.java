package dev.viridian.services.codebuild;

/// A source that cannot be had; code and message appear in the context of DOWNLOAD_SOURCE.
final class SourceException extends Exception {
    private static final long serialVersionUID = 1;
    private final String code;

    SourceException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}
