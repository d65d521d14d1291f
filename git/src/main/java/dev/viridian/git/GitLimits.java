package dev.viridian.git;

/// How much one push may bring.
///
/// @param packBytes size of the pack as sent
/// @param objectBytes size of one object, unpacked
/// @param refUpdates refs in one push
public record GitLimits(long packBytes, long objectBytes, int refUpdates) {
    private static final long GIB = 1L << 30;

    /// More than any healthy project pushes at once.
    public static final GitLimits DEFAULT = new GitLimits(20 * GIB, 2 * GIB, 4_000);
}
