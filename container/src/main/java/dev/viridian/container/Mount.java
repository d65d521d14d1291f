package dev.viridian.container;

/// A path from outside, seen inside.
///
/// @param source a path on the engine's host, or the name of a volume
public record Mount(Kind kind, String source, String target, boolean readOnly) {
    public enum Kind { BIND, VOLUME, TMPFS }

    public static Mount bind(String source, String target) {
        return new Mount(Kind.BIND, source, target, false);
    }
}
