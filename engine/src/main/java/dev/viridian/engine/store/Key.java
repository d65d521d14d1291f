package dev.viridian.engine.store;

/// Composes keys from parts so that no part can reach into the next: the separator cannot occur in any AWS name.
public final class Key {
    private static final char SEPARATOR = '\u001f';

    private Key() {}

    /// A key of these parts, for one record.
    public static String of(String... parts) {
        return String.join(String.valueOf(SEPARATOR), check(parts));
    }

    /// The prefix of all keys that begin with exactly these parts.
    public static String under(String... parts) {
        return parts.length == 0 ? "" : of(parts) + SEPARATOR;
    }

    /// The parts a key was made of.
    public static String[] parts(String key) {
        return key.split(String.valueOf(SEPARATOR), -1);
    }

    private static String[] check(String[] parts) {
        for (String part : parts) {
            if (part.indexOf(SEPARATOR) >= 0) {
                throw new IllegalArgumentException("a part of a key may not contain the separator U+001F: " + part);
            }
        }
        return parts;
    }
}
