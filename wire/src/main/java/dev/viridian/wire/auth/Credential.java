package dev.viridian.wire.auth;

import dev.viridian.aws.Principal;
import java.time.Instant;
import java.util.Optional;

/// What stands behind an access key id.
///
/// @param sessionToken which requests must show, for temporary credentials
/// @param account in which calls act
/// @param expires when temporary credentials end
public record Credential(String secret, Optional<String> sessionToken, Principal principal, String account, Optional<Instant> expires) {

    /// A long-lived key.
    public Credential(String secret, Principal principal, String account) {
        this(secret, Optional.empty(), principal, account, Optional.empty());
    }

    @Override
    public String toString() {
        return "Credential of " + principal.arn(); // never the secret
    }
}
