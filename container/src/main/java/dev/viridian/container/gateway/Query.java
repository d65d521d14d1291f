package dev.viridian.container.gateway;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A request target taken apart.
///
/// @param version `/v1.41` or empty
/// @param path without version and query, decoded
/// @param parameters the first value of each
record Query(String version, String path, Map<String, String> parameters) {

    static Query of(String target) {
        String[] halves = target.split("\\?", 2);
        String version = halves[0].replaceFirst("^(/v\\d+\\.\\d+)?/.*$", "$1");
        Map<String, String> parameters = new LinkedHashMap<>();
        if (halves.length == 2) {
            for (String pair : halves[1].split("&")) {
                String[] parts = pair.split("=", 2);
                parameters.putIfAbsent(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return new Query(version, decoded(halves[0].substring(version.length())), parameters);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    Query with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(name, value);
        return new Query(version, path, changed);
    }

    String target() {
        return version + path + "?" + parameters.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue())).collect(Collectors.joining("&"));
    }

    private static String decoded(String text) {
        // a plus in a path is a plus; in Docker's queries spaces come as %20 or plus
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
