package dev.viridian.services.codedeploy;

import dev.viridian.aws.shapes.Pages;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.BatchLimitExceededException;
import software.amazon.awssdk.services.codedeploy.model.InvalidNextTokenException;

/// Pages and batches as CodeDeploy cuts them: a hundred at a time, no way to ask for fewer.
final class Listed {
    private static final int PAGE = 100;

    private Listed() {}

    static <T> Pages.Page<T> page(List<T> all, Function<? super T, String> id, @Nullable String token) {
        try {
            return Pages.of(all, id, token, null, PAGE);
        } catch (Pages.InvalidToken e) {
            throw InvalidNextTokenException.builder().message("The next token was specified in an invalid format.").cause(e).build();
        }
    }

    /// For lists whose order no text describes.
    static <T> Pages.Page<T> page(List<T> all, @Nullable String token) {
        try {
            return Pages.of(all, token, null, PAGE);
        } catch (Pages.InvalidToken e) {
            throw InvalidNextTokenException.builder().message("The next token was specified in an invalid format.").cause(e).build();
        }
    }

    static void checkBatch(List<?> asked) {
        if (asked.size() > PAGE) {
            throw BatchLimitExceededException.builder()
                    .message("The maximum number of names or IDs allowed for this request (100) was exceeded.")
                    .build();
        }
    }
}
