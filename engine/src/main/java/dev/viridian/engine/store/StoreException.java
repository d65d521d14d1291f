package dev.viridian.engine.store;

/// The store could not do what it promised (disk full, file damaged, file in use by another process).
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String attempted, Throwable cause) {
        super(attempted + ": " + cause.getMessage(), cause);
    }
}
