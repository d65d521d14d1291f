package dev.viridian.services.codebuild;

import java.util.List;

/// Patterns of paths: `*` and `?` within one name, `**` across any number of folders, also none, so that `**/*` means every file.
///
/// Source: user guide, "Build specification reference", `artifacts/files`.
final class Glob {
    private Glob() {}

    static boolean isPattern(String text) {
        return text.contains("*") || text.contains("?");
    }

    static boolean matches(String pattern, String path) {
        return matches(List.of(pattern.split("/")), List.of(path.split("/")));
    }

    private static boolean matches(List<String> pattern, List<String> path) {
        if (pattern.isEmpty()) {
            return path.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.getFirst().equals("**")) {
            for (int skipped = 0; skipped <= path.size(); skipped++) {
                if (matches(rest, path.subList(skipped, path.size()))) {
                    return true;
                }
            }
            return false;
        }
        return !path.isEmpty() && nameMatches(pattern.getFirst(), path.getFirst()) && matches(rest, path.subList(1, path.size()));
    }

    private static boolean nameMatches(String pattern, String name) {
        int star = -1;
        int resume = 0;
        int p = 0;
        int n = 0;
        while (n < name.length()) {
            if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n) && pattern.charAt(p) != '*')) {
                p++;
                n++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (star >= 0) {
                // the last star takes one character more
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
