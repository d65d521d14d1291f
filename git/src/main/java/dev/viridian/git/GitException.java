package dev.viridian.git;

/// Reading or writing a repository failed for reasons outside of it: a full disk, missing rights, damaged files.
public final class GitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public GitException(String attempted, Throwable cause) {
        super("Could not " + attempted + ": " + cause.getMessage(), cause);
    }
}
