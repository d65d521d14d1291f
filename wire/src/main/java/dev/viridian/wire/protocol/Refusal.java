package dev.viridian.wire.protocol;

/// Ends the handling of a request with an error answer.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public Refusal(Failure failure) {
        super(failure.code() + ": " + failure.message());
        this.failure = failure;
    }

    public Refusal(String code, int status, String message) {
        this(Failure.of(code, status, message));
    }

    public Failure failure() {
        return failure;
    }
}
