package dev.viridian.services.codepipeline;

import dev.viridian.engine.Decision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills `#{namespace.name}` in an action's configuration.
@Decision
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("#\\{([A-Za-z0-9@\\-_]+)\\.([A-Za-z0-9@\\-_]+)}");

    /// A reference to something no earlier action produced.
    static final class Unresolved extends RuntimeException {
        private static final long serialVersionUID = 1L;

        // The wording is a guess; see delivery-plane reference 11.3.
        Unresolved(String reference) {
            super("Unresolved reference: " + reference + ". No action that ran before produced this variable.");
        }
    }

    private Variables() {}

    /// @param known values by `namespace.name`
    static Map<String, String> resolve(Map<String, String> configuration, Map<String, String> known) {
        Map<String, String> result = new LinkedHashMap<>();
        configuration.forEach((key, value) -> result.put(key, resolve(value, known)));
        return result;
    }

    private static String resolve(String text, Map<String, String> known) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String value = known.get(match.group(1) + "." + match.group(2));
            if (value == null) {
                throw new Unresolved(match.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
