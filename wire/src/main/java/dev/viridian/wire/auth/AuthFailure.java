package dev.viridian.wire.auth;

/// A request whose signature does not prove who sent it. Each protocol has its own codes for the reasons; `AuthAnswers` knows them.
public final class AuthFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Why a request is refused.
    public enum Reason {
        UNSIGNED, MALFORMED, UNKNOWN_KEY, WRONG_TOKEN, EXPIRED_TOKEN, WRONG_SIGNATURE, TOO_OLD, NOT_YET_CURRENT, LINK_EXPIRED, LINK_TOO_LONG,
        WRONG_BODY_HASH
    }

    private final Reason reason;

    public AuthFailure(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
