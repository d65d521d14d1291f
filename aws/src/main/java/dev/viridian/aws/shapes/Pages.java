package dev.viridian.aws.shapes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Cuts a list into pages with opaque tokens.
///
/// A token says after which item the next page begins, not how many were shown: items that come and go between two calls neither repeat nor hide
/// others. That needs a list ordered by the text `id` gives for each item.
public final class Pages {
    private Pages() {}

    /// @param nextToken absent on the last page; null as the SDK's builders take it
    public record Page<T>(List<T> items, @Nullable String nextToken) {}

    /// A token that this service did not give out.
    public static final class InvalidToken extends RuntimeException {
        private static final long serialVersionUID = 1;

        InvalidToken(String token) {
            super("not one of our pagination tokens: " + token);
        }
    }

    /// One page of `all`, which is ordered by `id`.
    ///
    /// @param token from the page before, or null for the first page
    /// @param max how many the caller wants at most, or null
    /// @param most how many a page may hold, also when the caller names no number
    /// @throws InvalidToken when the token is not ours
    public static <T> Page<T> of(List<T> all, Function<? super T, String> id, @Nullable String token, @Nullable Integer max, int most) {
        String after = token == null || token.isEmpty() ? "" : open(token).orElseThrow(() -> new InvalidToken(token));
        int from = 0;
        while (!after.isEmpty() && from < all.size() && id.apply(all.get(from)).compareTo(after) <= 0) {
            from++;
        }
        int to = Math.min(all.size(), from + (max == null ? most : Math.clamp(max, 1, most)));
        return new Page<>(List.copyOf(all.subList(from, to)), to < all.size() ? seal(id.apply(all.get(to - 1))) : null);
    }

    /// One page by position, for lists whose order no text describes and that only grow at the end.
    ///
    /// @throws InvalidToken when the token is not ours
    public static <T> Page<T> of(List<T> all, @Nullable String token, @Nullable Integer max, int most) {
        int from = Math.min(all.size(), position(token));
        int to = Math.min(all.size(), from + (max == null ? most : Math.clamp(max, 1, most)));
        return new Page<>(List.copyOf(all.subList(from, to)), to < all.size() ? seal(Integer.toString(to)) : null);
    }

    private static int position(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return 0;
        }
        return open(token).filter(text -> text.matches("\\d{1,9}")).map(Integer::valueOf).orElseThrow(() -> new InvalidToken(token));
    }

    /// Makes `text` opaque; [#open] gives it back.
    public static String seal(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("v1:" + text).getBytes(StandardCharsets.UTF_8));
    }

    /// What [#seal] was given, or empty when the token is not ours.
    public static Optional<String> open(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            return text.startsWith("v1:") ? Optional.of(text.substring(3)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
