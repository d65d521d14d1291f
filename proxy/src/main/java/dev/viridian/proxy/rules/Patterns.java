package dev.viridian.proxy.rules;

import com.google.re2j.Pattern;
import dev.viridian.proxy.routing.Regexes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Patterns and regular expressions for one value, of which any may fit.
final class Patterns {
    private final Glob[] globs;
    private final Pattern[] regexes;

    /// @throws IllegalArgumentException when a regular expression cannot be used
    Patterns(List<String> globs, List<String> regexes, boolean ignoreCase) {
        this.globs = globs.stream().map(pattern -> new Glob(pattern, ignoreCase)).toArray(Glob[]::new);
        this.regexes = regexes.stream().map(regex -> Regexes.compile(regex, ignoreCase)).toArray(Pattern[]::new);
    }

    boolean fit(byte[] bytes, int from, int to) {
        for (Glob glob : globs) {
            if (glob.matches(bytes, from, to)) {
                return true;
            }
        }
        return regexFits(bytes, from, to);
    }

    /// Whether one of the regular expressions fits, whatever the other patterns say.
    boolean regexFits(byte[] bytes, int from, int to) {
        if (regexes.length == 0) {
            return false;
        }
        String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        for (Pattern regex : regexes) {
            if (regex.matcher(text).find()) {
                return true;
            }
        }
        return false;
    }
}
