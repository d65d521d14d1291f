package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// All resources of one kind, in the caller's account and region.
final class Rows<R extends Row> {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]+");

    private final Table<R> table;
    private final Home home;
    private final String prefix;
    private final String missingCode;
    private final Function<String, String> missingMessage;

    /// @param prefix of ids, e.g. `vpc`
    /// @param missingCode e.g. `InvalidVpcID.NotFound`
    Rows(Store store, Home home, String name, Class<R> type, String prefix, String missingCode, Function<String, String> missingMessage) {
        this.table = store.table("ec2." + name, type);
        this.home = home;
        this.prefix = prefix;
        this.missingCode = missingCode;
        this.missingMessage = missingMessage;
    }

    String newId() {
        return prefix + "-" + Ids.hex(17);
    }

    boolean hasId(String id) {
        return id.startsWith(prefix + "-");
    }

    Optional<R> find(String id) {
        home.ensure();
        return ID.matcher(id).matches() ? table.find(at(id)) : Optional.empty();
    }

    R get(String id) {
        return find(id).orElseThrow(() -> Ec2Errors.of(missingCode, missingMessage.apply(id)));
    }

    /// Ordered by id.
    List<R> list() {
        home.ensure();
        return table.list(Key.under(Caller.current().account(), Caller.current().region()));
    }

    void put(R row) {
        table.put(at(row.id()), row);
    }

    R change(String id, UnaryOperator<R> change) {
        get(id);
        return table.update(at(id), change);
    }

    void delete(String id) {
        table.delete(at(id));
    }

    private static String at(String id) {
        return Key.of(Caller.current().account(), Caller.current().region(), id);
    }
}
