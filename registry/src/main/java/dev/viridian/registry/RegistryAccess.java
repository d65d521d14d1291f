package dev.viridian.registry;

import java.util.Optional;

/// Decides what a name in a URL means and who may do what with it.
public interface RegistryAccess {

    /// Whether requests to `/v2/` on this host are for the registry. Others are left to the next handler.
    default boolean serves(String host) {
        return true;
    }

    /// The repository meant by `/v2/<path>/...` on `host`. Empty when that can be none.
    Optional<ImageName> locate(String host, String path);

    Decision admit(Attempt attempt);

    /// @param host as the client wrote it, with a port if it gave one
    /// @param action absent when the client only asks whether its credentials are good
    /// @param name absent with `action`
    record Attempt(String host, Optional<Action> action, Optional<ImageName> name, Optional<Credentials> credentials) {}

    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[user=" + user + "]";
        }
    }

    enum Action { CHECK_LAYER, READ_LAYER, START_UPLOAD, UPLOAD_PART, COMPLETE_UPLOAD, READ_MANIFEST, WRITE_MANIFEST, DELETE_MANIFEST, LIST_TAGS }

    sealed interface Decision {

        /// @param principal goes to [Catalog#put]
        record Admitted(String principal) implements Decision {}

        /// Answered with 401.
        ///
        /// @param challenge the header `WWW-Authenticate`
        record Unauthenticated(String challenge) implements Decision {}

        /// Answered as it says, e.g. 403 and `DENIED`, or 404 and `NAME_UNKNOWN`.
        record Refused(RegistryException reason) implements Decision {}
    }
}
