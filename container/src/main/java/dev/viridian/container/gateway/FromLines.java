package dev.viridian.container.gateway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The images a Dockerfile starts from or copies from.
final class FromLines {
    private static final Pattern FROM = Pattern.compile("(?i)^\\s*FROM\\s+(?:--\\S+\\s+)*(\\S+)(?:\\s+AS\\s+(\\S+))?.*$");
    private static final Pattern COPY = Pattern.compile("(?i)^\\s*COPY\\s+(?:--\\S+\\s+)*?--from=(\\S+)\\s.*$");
    private static final Pattern ARG = Pattern.compile("(?i)^\\s*ARG\\s+(\\w+)(?:=(\\S*))?.*$");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)(?::-([^}]*))?}|(\\w+))");

    private FromLines() {}

    /// In their order, each once; stages of the file itself are left out.
    ///
    /// @param arguments values given for the file's ARGs
    static List<String> images(String dockerfile, Map<String, String> arguments) {
        Map<String, String> variables = new LinkedHashMap<>();
        Set<String> stages = new HashSet<>();
        Set<String> images = new java.util.LinkedHashSet<>();
        for (String line : joined(dockerfile)) {
            Matcher arg = ARG.matcher(line);
            Matcher from = FROM.matcher(line);
            Matcher copy = COPY.matcher(line);
            if (arg.matches()) {
                String standard = arg.group(2) == null ? "" : arg.group(2).replaceAll("^[\"']|[\"']$", "");
                variables.put(arg.group(1), arguments.getOrDefault(arg.group(1), standard));
            } else if (from.matches()) {
                add(expanded(from.group(1), variables), stages, images);
                if (from.group(2) != null) {
                    stages.add(from.group(2).toLowerCase(java.util.Locale.ROOT));
                }
            } else if (copy.matches()) {
                add(expanded(copy.group(1), variables), stages, images);
            }
        }
        return new ArrayList<>(images);
    }

    private static void add(String image, Set<String> stages, Set<String> images) {
        boolean number = image.chars().allMatch(Character::isDigit);
        if (!number && !image.isEmpty() && !image.equalsIgnoreCase("scratch") && !stages.contains(image.toLowerCase(java.util.Locale.ROOT))) {
            images.add(image);
        }
    }

    private static String expanded(String text, Map<String, String> variables) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            String name = match.group(1) != null ? match.group(1) : match.group(3);
            String value = variables.getOrDefault(name, "");
            return Matcher.quoteReplacement(value.isEmpty() && match.group(2) != null ? match.group(2) : value);
        });
    }

    private static List<String> joined(String dockerfile) {
        return dockerfile.replaceAll("\\\\[ \\t]*\\r?\\n", " ").lines().toList();
    }
}
