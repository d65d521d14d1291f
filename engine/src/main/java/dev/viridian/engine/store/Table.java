package dev.viridian.engine.store;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Records by key, ordered by key. Every write is durable when it returns, or when the transaction around it does.
///
/// Keys are composed with [Key#of], so that a prefix of parts lists what lies under it.
public interface Table<T> {

    String name();

    Optional<T> find(String key);

    boolean contains(String key);

    /// All records, ordered by key.
    default List<T> list() {
        return list("");
    }

    /// Records whose key begins with `prefix`, ordered by key.
    List<T> list(String prefix);

    /// As [#list(String)], with their keys.
    List<Row<T>> rows(String prefix);

    /// Inserts or replaces.
    void put(String key, T value);

    /// False, and nothing written, when the key is taken.
    boolean putIfAbsent(String key, T value);

    /// Reads, changes and writes one record as a unit, and returns what was written.
    ///
    /// @throws java.util.NoSuchElementException when there is no such record
    T update(String key, UnaryOperator<T> change);

    /// False when there was nothing to delete.
    boolean delete(String key);

    /// @param version 1 for a new row, one more with every write
    record Row<T>(String key, long version, T value) {}
}
