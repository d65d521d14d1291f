package dev.viridian.aws.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final List<String> all = List.of("a", "b", "c", "d", "e");

    @Test
    void pages_follow_each_other_and_the_last_has_no_token() {
        Pages.Page<String> first = Pages.of(all, Function.identity(), null, 2, 100);
        Pages.Page<String> second = Pages.of(all, Function.identity(), first.nextToken(), 2, 100);
        Pages.Page<String> third = Pages.of(all, Function.identity(), second.nextToken(), 2, 100);

        assertThat(first.items()).containsExactly("a", "b");
        assertThat(second.items()).containsExactly("c", "d");
        assertThat(third.items()).containsExactly("e");
        assertThat(third.nextToken()).isNull();
    }

    @Test
    void an_item_deleted_between_two_pages_hides_no_other() {
        Pages.Page<String> first = Pages.of(all, Function.identity(), null, 2, 100);

        assertThat(Pages.of(List.of("a", "c", "d"), Function.identity(), first.nextToken(), 2, 100).items()).containsExactly("c", "d");
    }

    @Test
    void a_page_never_holds_more_than_the_service_allows() {
        assertThat(Pages.of(all, null, 1000, 3).items()).hasSize(3);
        assertThat(Pages.of(all, Pages.of(all, null, null, 3).nextToken(), null, 3).items()).containsExactly("d", "e");
    }

    @Test
    void a_foreign_token_is_refused() {
        assertThatThrownBy(() -> Pages.of(all, "not ours", 1, 3)).isInstanceOf(Pages.InvalidToken.class);
        assertThatThrownBy(() -> Pages.of(all, Function.identity(), "bm9wZQ", 1, 3)).isInstanceOf(Pages.InvalidToken.class);
    }
}
