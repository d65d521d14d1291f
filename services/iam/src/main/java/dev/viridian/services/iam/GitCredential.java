package dev.viridian.services.iam;

import java.time.Instant;
import java.util.Optional;

/// A user name and password for git.
///
/// @param user the unique id of the IAM user
/// @param gitName e.g. `dev-at-111122223333`; stays when the user is renamed
record GitCredential(String id, String service, String account, String user, String gitName, String password, boolean active, Instant created,
        Optional<Instant> expires) {

    GitCredential with(boolean nextActive) {
        return new GitCredential(id, service, account, user, gitName, password, nextActive, created, expires);
    }

    GitCredential withPassword(String next) {
        return new GitCredential(id, service, account, user, gitName, next, active, created, expires);
    }

    @Override
    public String toString() {
        return "service-specific credential " + id; // never the password
    }
}
