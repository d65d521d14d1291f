package dev.viridian.services.iam;

import dev.viridian.aws.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Temporary credentials and whom they speak for.
///
/// @param role the role and session name, for sessions of a role
/// @param user the unique id of the user, for sessions of a user; neither for sessions of root
/// @param policies session policies, as texts and ARNs of managed policies
/// @param tags session tags
record Session(String id, String secret, String token, String account, Optional<AsRole> role, Optional<String> user, Instant created, Instant expires,
        List<String> policies, List<String> policyArns, Map<String, String> tags) {

    record AsRole(String account, String name, String id, String session) {
        Principal.RoleSession principal() {
            return new Principal.RoleSession(account, name, id, session);
        }
    }

    @Override
    public String toString() {
        return "session " + id; // never the secret
    }
}
