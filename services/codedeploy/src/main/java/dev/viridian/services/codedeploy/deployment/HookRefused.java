package dev.viridian.services.codedeploy.deployment;

/// A validation function that could not be called: it does not exist, or the service role may not call it.
public final class HookRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HookRefused(String message) {
        super(message);
    }
}
