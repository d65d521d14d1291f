package dev.viridian.git;

import java.util.Optional;

/// Decides which repository a URL means and who may use it.
@FunctionalInterface
public interface GitAccess {

    Decision admit(Attempt attempt);

    /// @param host as the client wrote it, with a port if it gave one
    /// @param path of the repository, e.g. `/v1/repos/shop`, decoded, without a slash at the end
    /// @param credentials what the client sent by HTTP Basic, if it did
    /// @param write whether this is about a push
    record Attempt(String host, String path, Optional<Credentials> credentials, boolean write) {}

    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[user=" + user + "]";
        }
    }

    sealed interface Decision {

        /// @param repository the id the repository was created under
        /// @param principal goes into [Push#pusher()]
        /// @param guard which refs this client may not move
        record Admitted(String repository, String principal, RefGuard guard) implements Decision {}

        /// Answered with 401, upon which git asks its credential helper or its user.
        record Unauthenticated(String realm) implements Decision {}

        /// Answered with 403.
        record Forbidden(String reason) implements Decision {}

        /// Answered with 404.
        record NotFound(String reason) implements Decision {}
    }
}
