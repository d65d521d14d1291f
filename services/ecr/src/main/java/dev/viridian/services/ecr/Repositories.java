package dev.viridian.services.ecr;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.registry.ImageName;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which repositories there are.
final class Repositories {
    private final Store store;
    private final Table<EcrRepository> rows;
    private final EcrAuthority authority;

    Repositories(Store store, EcrAuthority authority) {
        this.store = store;
        this.rows = store.table("ecr.repositories", EcrRepository.class);
        this.authority = authority;
    }

    void add(EcrRepository repository) {
        if (!rows.putIfAbsent(repository.key(), repository)) {
            throw Refusals.repositoryExists(repository.name(), repository.account());
        }
    }

    Optional<EcrRepository> find(ImageName name) {
        return rows.find(Key.of(name.namespace().split("/")[0], name.namespace().split("/")[1], name.repository()));
    }

    Optional<EcrRepository> findByKey(String key) {
        return rows.find(key);
    }

    /// The repository a request means, in the caller's own registry or, where its policy lets them, another one.
    ///
    /// @param registry absent for one's own
    /// @param action for registries of others
    EcrRepository require(@Nullable String registry, String name, String action) {
        Caller caller = Caller.current();
        String account = registry == null ? caller.account() : registry;
        Optional<EcrRepository> found = rows.find(Key.of(account, caller.region(), name));
        if (!account.equals(caller.account())) {
            authority.denial(caller, action, EcrRepository.arn(account, caller.region(), name), found.flatMap(EcrRepository::policy))
                    .ifPresent(reason -> {
                throw Refusals.denied(reason);
            });
        }
        return found.orElseThrow(() -> Refusals.noRepository(name, account));
    }

    List<EcrRepository> list(@Nullable String registry) {
        Caller caller = Caller.current();
        if (registry != null && !registry.equals(caller.account())) {
            throw Refusals.denied("User: " + caller.principal().arn() + " is not authorized to perform: ecr:DescribeRepositories on resource: "
                    + EcrRepository.arn(registry, caller.region(), "*"));
        }
        return rows.list(Key.under(caller.account(), caller.region()));
    }

    /// Everybody's, for housekeeping.
    List<EcrRepository> all() {
        return rows.list();
    }

    EcrRepository change(EcrRepository repository, UnaryOperator<EcrRepository> change) {
        return store.transact(() -> {
            EcrRepository now = rows.find(repository.key()).orElseThrow(() -> Refusals.noRepository(repository.name(), repository.account()));
            EcrRepository changed = change.apply(now);
            rows.put(changed.key(), changed);
            return changed;
        });
    }

    void remove(EcrRepository repository) {
        rows.delete(repository.key());
    }
}
