package dev.viridian.wire.auth;

import java.util.Optional;

/// Where the secrets behind access key ids are found.
public interface AccessKeys {

    /// Empty for a key that does not exist or is not active.
    Optional<Credential> find(String accessKeyId);
}
