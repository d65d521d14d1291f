package dev.viridian.services.ecr;

import dev.viridian.aws.Caller;
import java.util.Optional;

/// Decides what a caller who came in with docker, or from another account, may do. The assembly connects it to IAM.
@FunctionalInterface
public interface EcrAuthority {

    /// Everything in one's own account, nothing in others.
    EcrAuthority OWN_ACCOUNT = (caller, action, resource, _) -> resource.split(":", 6)[4].equals(caller.account()) ? Optional.empty()
            : Optional.of("User: " + caller.principal().arn() + " is not authorized to perform: " + action + " on resource: " + resource
                    + " because no resource-based policy allows the " + action + " action");

    /// Why not, in AWS's words; empty when it is allowed.
    ///
    /// @param action e.g. `ecr:PutImage`
    /// @param repositoryPolicy as set by SetRepositoryPolicy, if there is one
    Optional<String> denial(Caller caller, String action, String repositoryArn, Optional<String> repositoryPolicy);
}
