package dev.viridian.services.elbv2;

import dev.viridian.proxy.routing.TlsIdentity;
import java.util.Optional;

/// Where the certificates of HTTPS and TLS listeners come from. AWS has no client operation that gives a private key away, so the assembly connects
/// this.
@FunctionalInterface
public interface Certificates {
    /// Has none: HTTPS listeners are refused with CertificateNotFound.
    Certificates NONE = arn -> Optional.empty();

    Optional<TlsIdentity.Certificate> find(String arn);
}
