package dev.viridian.services.logs.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// `error -debug "two words" %regex%`: everything named must occur, nothing after a minus may; or `?a ?b`: one of them must.
///
/// Words are parts of the message, in the same letter case. Where `?` words stand beside others, AWS ignores them, and so do we.
///
/// @param all which must all occur
/// @param none of which none may occur
/// @param any of which one must occur
record WordsPattern(List<Predicate<String>> all, List<Predicate<String>> none, List<Predicate<String>> any) implements FilterPattern {

    static WordsPattern parse(String text) {
        WordsPattern words = new WordsPattern(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            char sign = text.charAt(at);
            int start = sign == '-' || sign == '?' ? at + 1 : at;
            int end = end(text, start);
            (sign == '-' ? words.none : sign == '?' ? words.any : words.all).add(term(text.substring(start, end)));
            at = end;
        }
        return words;
    }

    @Override
    public boolean matches(String message) {
        if (all.isEmpty() && none.isEmpty()) {
            return any.stream().anyMatch(term -> term.test(message));
        }
        return all.stream().allMatch(term -> term.test(message)) && none.stream().noneMatch(term -> term.test(message));
    }

    private static int end(String text, int start) {
        if (start >= text.length()) {
            throw new MalformedPattern("a sign without a word at the end of '" + text + "'");
        }
        char first = text.charAt(start);
        if (first == '"' || first == '%') {
            return closing(text, start, first) + 1;
        }
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    static int closing(String text, int start, char quote) {
        for (int at = start + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\') {
                at++;
            } else if (text.charAt(at) == quote) {
                return at;
            }
        }
        throw new MalformedPattern("the " + quote + " at position " + start + " is not closed");
    }

    private static Predicate<String> term(String word) {
        if (word.length() > 1 && word.charAt(0) == '%') {
            return regex(word.substring(1, word.length() - 1));
        }
        String wanted = word.startsWith("\"") ? word.substring(1, word.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\") : word;
        return message -> message.contains(wanted);
    }

    static Predicate<String> regex(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return message -> pattern.matcher(message).find();
        } catch (PatternSyntaxException e) {
            throw new MalformedPattern("'" + expression + "' is not a regular expression: " + e.getDescription());
        }
    }
}
