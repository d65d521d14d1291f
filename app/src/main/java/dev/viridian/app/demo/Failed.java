package dev.viridian.app.demo;

/// The story could not be told to its end; the message says where it stopped and what was found.
public final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
        super(message);
    }
}
