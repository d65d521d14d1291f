package dev.viridian.services.logs.pattern;

/// Reads a pattern from left to right.
final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
        this.text = text;
    }

    /// Skips blanks; true, and past it, when `token` comes next.
    boolean take(String token) {
        skipBlanks();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    /// As [#take], for a word that must not go on.
    boolean takeWord(String word) {
        skipBlanks();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length()) && (end >= text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    void expect(String token) {
        if (!take(token)) {
            throw new MalformedPattern("expected '" + token + "' at position " + at + " of '" + text + "'");
        }
    }

    String operator() {
        for (String operator : new String[] {"!=", "<=", ">=", "=", "<", ">"}) {
            if (take(operator)) {
                return operator;
            }
        }
        throw new MalformedPattern("expected a comparison at position " + at + " of '" + text + "'");
    }

    boolean isQuote() {
        skipBlanks();
        return at < text.length() && text.charAt(at) == '"';
    }

    /// A value in quotes, a regular expression between percent signs, or everything up to a blank or one of `ends`.
    String value(String ends) {
        skipBlanks();
        if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '%')) {
            int end = WordsPattern.closing(text, at, text.charAt(at));
            String raw = text.charAt(at) == '"' ? text.substring(at + 1, end).replace("\\\"", "\"").replace("\\\\", "\\")
                    : text.substring(at, end + 1);
            at = end + 1;
            return raw;
        }
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw new MalformedPattern("expected a value at position " + at + " of '" + text + "'");
        }
        return text.substring(start, at);
    }

    boolean isAtEnd() {
        skipBlanks();
        return at >= text.length();
    }

    int position() {
        return at;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
