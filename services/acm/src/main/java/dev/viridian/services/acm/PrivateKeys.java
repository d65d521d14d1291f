package dev.viridian.services.acm;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.Optional;

/// The keys of certificates, apart from everything that is shown: the only reader of the table they lie in.
final class PrivateKeys {
    /// @param pem unencrypted PKCS#8
    record StoredKey(String pem) {
        @Override
        public String toString() {
            return "private key"; // never itself
        }
    }

    private final Table<StoredKey> table;

    PrivateKeys(Store store) {
        this.table = store.table("acm.private-keys", StoredKey.class);
    }

    Optional<String> find(String certificateKey) {
        return table.find(certificateKey).map(StoredKey::pem);
    }

    void put(String certificateKey, String pem) {
        table.put(certificateKey, new StoredKey(pem));
    }

    void delete(String certificateKey) {
        table.delete(certificateKey);
    }
}
