package dev.viridian.services.iam;

import dev.viridian.aws.Principal;
import java.time.Instant;
import java.util.Optional;

/// What stands behind an access key id, for whoever verifies signatures.
///
/// @param sessionToken what requests must show besides, for temporary credentials
/// @param account in which calls with it act
/// @param expires when temporary credentials end; those that have ended are still found, so that the answer can say why they are refused
/// @param active whether it may be used
public record KnownKey(String secret, Optional<String> sessionToken, Principal principal, String account, Optional<Instant> expires, boolean active) {
    @Override
    public String toString() {
        return "key of " + principal.arn(); // never the secret
    }
}
