package dev.viridian.services.ec2;

import dev.viridian.aws.shapes.Pages;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pages of describe operations.
final class Paging {
    private static final int MOST = 1000;

    private Paging() {}

    /// @param sorted by `id`
    static <T> Pages.Page<T> of(List<T> sorted, Function<? super T, String> id, @Nullable String token, @Nullable Integer most) {
        try {
            return Pages.of(sorted, id, token, most, MOST);
        } catch (Pages.InvalidToken e) {
            throw Ec2Errors.of("InvalidNextToken", "The token '" + token + "' is invalid.");
        }
    }

    /// What a describe operation looks at: the resources it names, each of which must exist, or all.
    static <R extends Row> List<R> named(Rows<R> rows, List<String> ids) {
        return ids.isEmpty() ? rows.list() : ids.stream().distinct().sorted().map(rows::get).toList();
    }
}
