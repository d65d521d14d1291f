package dev.viridian.services.iam.policy;

/// A text that is not a policy; the message is what AWS says about it.
public final class MalformedPolicy extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedPolicy(String message) {
        super(message);
    }
}
