package dev.viridian.services.iam;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.Identity.RoleDetail;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All users, groups and roles, of every account. Names are unique without regard to case, and found only in the case they were given.
///
/// Methods without an account are about the caller's.
final class Identities {
    private final Store store;
    private final Time time;
    private final Table<Identity> table;

    Identities(Store store, Time time) {
        this.store = store;
        this.time = time;
        this.table = store.table("iam.identities", Identity.class);
    }

    Identity create(Kind kind, @Nullable String path, String name, Map<String, String> tags, Optional<String> boundary, Optional<RoleDetail> role) {
        String account = Caller.current().account();
        Identity identity = new Identity(kind, account, path == null ? "/" : path, name, "", now(), tags, boundary, new TreeMap<>(), List.of(),
                List.of(), role);
        // roles get the id that Caller.as gives to their sessions
        String id = kind.idPrefix() + (kind == Kind.ROLE ? Ids.stable(identity.arn(), 17) : Ids.base32(17));
        Identity made = new Identity(kind, account, identity.path(), name, id, identity.created(), tags, boundary, identity.inline(), List.of(),
                List.of(), role);
        if (!table.putIfAbsent(at(account, kind, name), made)) {
            throw IamErrors.alreadyExists(kind.title() + " with name " + name + " already exists.");
        }
        return made;
    }

    Identity get(Kind kind, String name) {
        return find(Caller.current().account(), kind, name).orElseThrow(() -> missing(kind, name));
    }

    static RuntimeException missing(Kind kind, String name) {
        return IamErrors.noSuchEntity("The " + kind.word() + " with name " + name + " cannot be found.");
    }

    Optional<Identity> find(String account, Kind kind, String name) {
        return table.find(Key.under(account, kind.name()) + name.toLowerCase(Locale.ROOT)).filter(identity -> identity.name().equals(name));
    }

    /// By ARN, whose account may be any.
    Optional<Identity> find(String arn) {
        if (!arn.matches("arn:aws[a-z-]*:iam::\\d{12}:(user|role)/.+")) {
            return Optional.empty();
        }
        Arn parsed = Arn.parse(arn);
        String name = parsed.resource().substring(parsed.resource().lastIndexOf('/') + 1);
        Kind kind = parsed.resource().startsWith("role/") ? Kind.ROLE : Kind.USER;
        return find(parsed.account(), kind, name).filter(identity -> identity.arn().equals(arn));
    }

    /// Sorted by name.
    List<Identity> list(Kind kind, @Nullable String pathPrefix) {
        return list(Caller.current().account(), kind).stream().filter(identity -> pathPrefix == null || identity.path().startsWith(pathPrefix))
                .toList();
    }

    List<Identity> list(String account, Kind kind) {
        return table.list(Key.under(account, kind.name()));
    }

    /// Changes one in the caller's account, and returns it as it is now.
    Identity change(Kind kind, String name, UnaryOperator<Identity> change) {
        return store.transact(() -> {
            Identity next = change.apply(get(kind, name));
            table.put(at(next.account(), kind, next.name()), next);
            return next;
        });
    }

    /// A role that was assumed, perhaps from another account.
    void used(Identity role, String region) {
        table.update(at(role.account(), Kind.ROLE, role.name()), found -> found.with(found.detail().usedAt(now(), region)));
    }

    Identity rename(Kind kind, String name, String nextPath, String nextName) {
        return store.transact(() -> {
            Identity before = get(kind, name);
            Identity next = before.renamed(nextPath, nextName);
            boolean sameRow = at(before.account(), kind, name).equals(at(before.account(), kind, nextName));
            if (!sameRow) {
                if (table.contains(at(before.account(), kind, nextName))) {
                    throw IamErrors.alreadyExists(kind.title() + " with name " + nextName + " already exists.");
                }
                table.delete(at(before.account(), kind, name));
            }
            table.put(at(before.account(), kind, nextName), next);
            return next;
        });
    }

    /// Deletes one that nothing hangs on any more.
    ///
    /// @param check throws when something does
    void delete(Kind kind, String name, Consumer<Identity> check) {
        store.transact(() -> {
            Identity identity = get(kind, name);
            check.accept(identity);
            if (!identity.attached().isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must detach all policies first.");
            }
            if (!identity.inline().isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must delete policies first.");
            }
            table.delete(at(identity.account(), kind, name));
        });
    }

    Instant now() {
        return time.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String at(String account, Kind kind, String name) {
        return Key.of(account, kind.name(), name.toLowerCase(Locale.ROOT));
    }
}
