package dev.viridian.services.iam;

import java.time.Instant;
import java.util.Optional;

/// A long-lived access key.
///
/// @param user the unique id of the user it belongs to; empty for a key of the account's root
record StoredKey(String id, String secret, String account, Optional<String> user, boolean active, Instant created) {
    StoredKey with(boolean nextActive) {
        return new StoredKey(id, secret, account, user, nextActive, created);
    }

    @Override
    public String toString() {
        return "access key " + id; // never the secret
    }
}
