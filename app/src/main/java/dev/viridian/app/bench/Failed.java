package dev.viridian.app.bench;

/// The comparison could not be made; the message says what was missing or went wrong.
public final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
        super(message);
    }
}
