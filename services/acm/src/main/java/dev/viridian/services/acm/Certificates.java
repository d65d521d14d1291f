package dev.viridian.services.acm;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The certificates of every account and region, with their keys.
final class Certificates {
    private final Store store;
    private final Table<StoredCertificate> table;
    private final PrivateKeys keys;
    private final CertificateUsers users;

    Certificates(Store store, CertificateUsers users) {
        this.store = store;
        this.table = store.table("acm.certificates", StoredCertificate.class);
        this.keys = new PrivateKeys(store);
        this.users = users;
    }

    /// Of the caller's account and region.
    StoredCertificate get(String arn) {
        Arn parsed = Arn.parse(arn);
        Caller caller = Caller.current();
        return Optional.of(arn).filter(_ -> parsed.account().equals(caller.account()) && parsed.region().equals(caller.region()))
                .flatMap(this::find).orElseThrow(() -> AcmErrors.notFound(arn));
    }

    /// Of any account and region.
    Optional<StoredCertificate> find(String arn) {
        return table.find(key(arn));
    }

    Optional<String> privateKey(String arn) {
        return keys.find(key(arn));
    }

    List<StoredCertificate> own() {
        return table.list(Key.under(Caller.current().account(), Caller.current().region()));
    }

    void put(StoredCertificate certificate) {
        table.put(key(certificate.arn()), certificate);
    }

    StoredCertificate change(String arn, UnaryOperator<StoredCertificate> change) {
        return store.transact(() -> {
            StoredCertificate changed = change.apply(get(arn));
            put(changed);
            return changed;
        });
    }

    /// What clients will be shown from now on: certificate and key change together, and users hear of it once both are durable.
    void put(StoredCertificate certificate, String keyPem) {
        store.transact(() -> {
            put(certificate);
            keys.put(key(certificate.arn()), keyPem);
            store.afterCommit(() -> users.changed(certificate.arn()));
        });
    }

    /// For what is read and then written.
    <R> R transact(Supplier<R> body) {
        return store.transact(body);
    }

    void delete(String arn) {
        store.transact(() -> {
            get(arn);
            if (!users.of(arn).isEmpty()) {
                throw AcmErrors.inUse(arn);
            }
            table.delete(key(arn));
            keys.delete(key(arn));
        });
    }

    List<String> usersOf(String arn) {
        return users.of(arn);
    }

    private static String key(String arn) {
        Arn parsed = Arn.parse(arn);
        return Key.of(parsed.account(), parsed.region(), arn);
    }
}
