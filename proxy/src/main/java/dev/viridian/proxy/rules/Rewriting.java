package dev.viridian.proxy.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.routing.Regexes;
import dev.viridian.proxy.routing.Rewrite;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A rule's rewrite, compiled.
public final class Rewriting {
    private static final int MAX_TARGET = 16 * 1024;
    private static final int MAX_HOST = 255;

    public enum Outcome { DONE, INVALID_HOST, INVALID_TARGET }

    /// What became of one request.
    ///
    /// @param host   null when it stays as it is
    /// @param target path and query; null when they stay as they are
    public record Rewritten(Outcome outcome, byte @Nullable [] host, byte @Nullable [] target) {}

    private final @Nullable Replacing host;
    private final @Nullable Replacing url;

    private Rewriting(Rewrite rewrite) {
        this.host = rewrite.host().map(replacement -> new Replacing(replacement, true)).orElse(null);
        this.url = rewrite.url().map(replacement -> new Replacing(replacement, false)).orElse(null);
    }

    public static @Nullable Rewriting of(Rewrite rewrite) {
        return rewrite.equals(Rewrite.NONE) ? null : new Rewriting(rewrite);
    }

    public Rewritten apply(RequestHead head) {
        String oldHost = text(head, head.hostFrom(), head.hostNameTo());
        String newHost = host == null ? oldHost : host.apply(oldHost);
        if (!newHost.equals(oldHost) && !validHost(newHost)) {
            return new Rewritten(Outcome.INVALID_HOST, null, null);
        }
        String oldTarget = head.pathFrom() == head.pathTo() ? "/" + text(head, head.pathTo(), head.targetTo())
                : text(head, head.pathFrom(), head.targetTo());
        String newTarget = url == null ? oldTarget : url.apply(oldTarget);
        if (!newTarget.equals(oldTarget) && !validTarget(newTarget)) {
            return new Rewritten(Outcome.INVALID_TARGET, null, null);
        }
        return new Rewritten(Outcome.DONE, newHost.equals(oldHost) ? null : Ascii.bytes(newHost),
                newTarget.equals(oldTarget) ? null : Ascii.bytes(newTarget));
    }

    private static String text(RequestHead head, int from, int to) {
        return new String(head.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean validHost(String host) {
        return !host.isEmpty() && host.length() <= MAX_HOST && host.chars().allMatch(c -> c < 256 && Ascii.isHost((byte) c));
    }

    private static boolean validTarget(String target) {
        return target.startsWith("/") && target.length() <= MAX_TARGET && target.chars().allMatch(c -> c < 256 && Ascii.isTarget((byte) c));
    }

    /// An expression and what takes the place of its first match.
    private static final class Replacing {
        private final Pattern regex;
        private final String with;

        Replacing(Rewrite.Replacement replacement, boolean ignoreCase) {
            this.regex = Regexes.compile(replacement.regex(), ignoreCase);
            this.with = replacement.with();
        }

        String apply(String text) {
            Matcher found = regex.matcher(text);
            return found.find() ? text.substring(0, found.start()) + filled(found) + text.substring(found.end()) : text;
        }

        private String filled(Matcher found) {
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (at < with.length()) {
                int stop = reference(at, found.groupCount());
                if (stop == at) {
                    out.append(with.charAt(at++));
                } else {
                    boolean braces = with.charAt(at + 1) == '{';
                    out.append(group(found, Integer.parseInt(with, braces ? at + 2 : at + 1, braces ? stop - 1 : stop, 10)));
                    at = stop;
                }
            }
            return out.toString();
        }

        /// Just behind the reference to a group that begins at `at`; `at` itself when none does. `$12` means the first group and a 2 where there is
        /// no twelfth.
        private int reference(int at, int groups) {
            if (with.charAt(at) != '$') {
                return at;
            }
            boolean braces = with.startsWith("${", at);
            int from = braces ? at + 2 : at + 1;
            int stop = from;
            while (stop < with.length() && stop < from + 2 && Ascii.isDigit((byte) with.charAt(stop))) {
                stop++;
            }
            if (stop == from || braces && !with.startsWith("}", stop)) {
                return at;
            }
            if (braces) {
                return stop + 1;
            }
            return stop == from + 2 && Integer.parseInt(with, from, stop, 10) > groups ? stop - 1 : stop;
        }

        /// A group that does not exist or caught nothing is empty.
        private static String group(Matcher found, int number) {
            String caught = number <= found.groupCount() ? found.group(number) : null;
            return caught == null ? "" : caught;
        }
    }
}
