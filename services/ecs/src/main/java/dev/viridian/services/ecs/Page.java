package dev.viridian.services.ecs;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a list of names or ARNs. The token names the last entry given, so that a list that grows meanwhile is still read in order.
///
/// @param nextToken null on the last page
record Page(List<String> entries, @Nullable String nextToken) {
    private static final int LARGEST = 100;

    /// @param all in the order they are listed, without duplicates
    static Page of(List<String> all, @Nullable String token, @Nullable Integer maxResults, int usual) {
        int size = maxResults == null ? usual : maxResults;
        if (size < 1 || size > LARGEST) {
            throw Refusals.invalid("maxResults must be between 1 and " + LARGEST + ".");
        }
        int from = token == null || token.isEmpty() ? 0 : all.indexOf(decode(token)) + 1;
        int to = Math.min(all.size(), from + size);
        return new Page(all.subList(from, to), to < all.size() ? encode(all.get(to - 1)) : null);
    }

    private static String encode(String entry) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(entry.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusals.invalid("Invalid token '" + token + "'.");
        }
    }
}
