package dev.viridian.services.codecommit;

import dev.viridian.aws.Principal;
import java.util.List;
import java.util.Optional;

/// Knows whose git credentials are whose, and what they allow. The assembly connects it to IAM and to the verification of signatures.
public interface GitAuthority {

    /// Whose credentials these are. Empty when they are wrong, inactive or have run out.
    Optional<Identity> identify(Login login);

    /// Whether policies allow this; `action` is `codecommit:GitPull` or `codecommit:GitPush`.
    ///
    /// @param references full names of the refs a push moves, for the condition key `codecommit:References`; empty when they are not known yet
    default boolean allows(Identity identity, String action, String repositoryArn, List<String> references) {
        return true;
    }

    /// What a git client sent.
    ///
    /// @param user a generated git user name, or an access key id with `%` and the session token behind it if there is one
    /// @param password as generated, or a signature that begins with its time
    /// @param host and `path` are what the signature was made over, e.g. `git-codecommit.us-east-1.amazonaws.com` and `/v1/repos/shop`
    /// @param regions for which a signature may have been made, the likeliest first
    record Login(String user, String password, String host, String path, List<String> regions) {
        @Override
        public String toString() {
            return "Login[user=" + user + ", host=" + host + ", path=" + path + "]";
        }
    }

    /// @param region for which a signature was made; absent for credentials that are good in every region
    record Identity(String account, Optional<String> region, Principal principal) {}
}
