package dev.viridian.services.iam.policy;

/// `*` for any text, `?` for any one character.
final class Glob {
    /// Stand for the characters `*`, `?` and `$` that a policy variable escaped, so that they are no wildcards any more.
    static final char STAR = '\ue000';
    static final char QUESTION = '\ue001';
    static final char DOLLAR = '\ue002';

    private Glob() {}

    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && same(pattern.charAt(p), text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean same(char pattern, char text) {
        return pattern == '?' || plain(pattern) == text;
    }

    static char plain(char c) {
        return switch (c) {
            case STAR -> '*';
            case QUESTION -> '?';
            case DOLLAR -> '$';
            default -> c;
        };
    }

    /// A pattern with its escapes taken back, for operators that know no wildcards.
    static String plain(String pattern) {
        return pattern.replace(STAR, '*').replace(QUESTION, '?').replace(DOLLAR, '$');
    }
}
