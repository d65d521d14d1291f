package dev.viridian.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SqliteStoreTest {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Nested
    class InMemory extends StoreContract {
        @Override
        Store open() {
            return SqliteStore.inMemory(MAPPER);
        }
    }

    @Nested
    class OnDisk extends StoreContract {
        @TempDir
        Path folder;

        @Override
        Store open() {
            return SqliteStore.open(folder.resolve("state.db"), MAPPER);
        }

        @Test
        void what_was_written_is_there_after_opening_again() {
            fruits.put("apple", new Fruit("apple", 150));
            store.close();
            store = open();

            assertThat(store.table("shop.fruits", Fruit.class).find("apple")).contains(new Fruit("apple", 150));
        }
    }
}
