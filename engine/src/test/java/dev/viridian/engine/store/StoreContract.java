package dev.viridian.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [Store] promises.
abstract class StoreContract {
    record Fruit(String name, int grams) {}

    Store store;
    Table<Fruit> fruits;

    abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        fruits = store.table("shop.fruits", Fruit.class);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void a_record_is_found_under_its_key_and_nowhere_else() {
        fruits.put(Key.of("eu", "apple"), new Fruit("apple", 150));

        assertThat(fruits.find(Key.of("eu", "apple"))).contains(new Fruit("apple", 150));
        assertThat(fruits.find(Key.of("us", "apple"))).isEmpty();
        assertThat(store.table("shop.vegetables", Fruit.class).find(Key.of("eu", "apple"))).isEmpty();
    }

    @Test
    void a_prefix_lists_what_lies_under_it_in_order_of_keys() {
        fruits.put(Key.of("eu", "pear"), new Fruit("pear", 180));
        fruits.put(Key.of("eu", "apple"), new Fruit("apple", 150));
        fruits.put(Key.of("europe", "kiwi"), new Fruit("kiwi", 70));

        assertThat(fruits.list(Key.under("eu"))).extracting(Fruit::name).containsExactly("apple", "pear");
        assertThat(fruits.list()).hasSize(3);
    }

    @Test
    void every_write_raises_the_version() {
        fruits.put("apple", new Fruit("apple", 150));
        fruits.update("apple", f -> new Fruit(f.name(), f.grams() + 1));

        assertThat(fruits.rows("apple")).containsExactly(new Table.Row<>("apple", 2, new Fruit("apple", 151)));
    }

    @Test
    void an_insert_that_finds_the_key_taken_changes_nothing() {
        assertThat(fruits.putIfAbsent("apple", new Fruit("apple", 150))).isTrue();
        assertThat(fruits.putIfAbsent("apple", new Fruit("apple", 999))).isFalse();

        assertThat(fruits.find("apple")).contains(new Fruit("apple", 150));
    }

    @Test
    void updating_what_is_not_there_is_refused() {
        assertThatThrownBy(() -> fruits.update("apple", f -> f)).isInstanceOf(NoSuchElementException.class).hasMessageContaining("apple");
    }

    @Test
    void a_transaction_that_throws_leaves_nothing_behind() {
        assertThatThrownBy(() -> store.transact(() -> {
            fruits.put("apple", new Fruit("apple", 150));
            throw new IllegalArgumentException("rotten");
        })).hasMessage("rotten");

        assertThat(fruits.list()).isEmpty();
    }

    @Test
    void inside_a_transaction_one_reads_ones_own_writes() {
        store.transact(() -> {
            fruits.put("apple", new Fruit("apple", 150));
            assertThat(fruits.find("apple")).isPresent();
        });
    }

    @Test
    void what_waits_for_the_commit_runs_after_it_and_not_after_a_roll_back() {
        List<String> seen = new ArrayList<>();
        store.transact(() -> {
            store.afterCommit(() -> seen.add("committed"));
            assertThat(seen).isEmpty();
        });
        assertThatThrownBy(() -> store.transact(() -> {
            store.afterCommit(() -> seen.add("never"));
            throw new IllegalStateException();
        })).isInstanceOf(IllegalStateException.class);
        fruits.put("apple", new Fruit("apple", 150));

        assertThat(seen).containsExactly("committed");
    }

    @Test
    void changes_come_in_the_order_of_writes_and_only_of_tables_that_keep_them() {
        store.keepChanges("shop.fruits", () -> {});
        fruits.put("apple", new Fruit("apple", 150));
        fruits.delete("apple");
        store.table("shop.vegetables", Fruit.class).put("leek", new Fruit("leek", 200));

        List<Change> changes = store.changes("shop.fruits", 0, 10);
        assertThat(changes).extracting(Change::deleted).containsExactly(false, true);
        assertThat(store.changes("shop.fruits", changes.getFirst().position(), 10)).hasSize(1);
        assertThat(store.changes("shop.vegetables", 0, 10)).isEmpty();
    }

    @Test
    void counters_raised_by_many_threads_lose_nothing() throws Exception {
        fruits.put("apple", new Fruit("apple", 0));
        CountDownLatch done = new CountDownLatch(8);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 8; t++) {
                threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        fruits.update("apple", f -> new Fruit(f.name(), f.grams() + 1));
                    }
                    done.countDown();
                });
            }
            done.await();
        }

        assertThat(fruits.find("apple").orElseThrow().grams()).isEqualTo(400);
    }

    @Test
    void clearing_forgets_everything() {
        fruits.put("apple", new Fruit("apple", 150));
        store.clear();

        assertThat(fruits.list()).isEmpty();
    }
}
