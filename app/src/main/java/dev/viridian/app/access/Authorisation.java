package dev.viridian.app.access;

import dev.viridian.aws.Caller;
import software.amazon.awssdk.core.SdkRequest;

/// May this caller do this? Refusing means throwing the service's AccessDenied.
@FunctionalInterface
public interface Authorisation {
    void check(Caller caller, Class<?> clientInterface, String operation, SdkRequest request);

    /// Everybody who proved who they are may do everything. Policies are stored but not yet evaluated; README says so.
    static Authorisation everythingIsAllowed() {
        return (_, _, _, _) -> {};
    }
}
