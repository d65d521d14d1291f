package dev.viridian.services.elbv2;

import dev.viridian.proxy.routing.TlsIdentity;
import java.util.Optional;

/// Where the certificates of HTTPS and TLS listeners come from. AWS has no client operation that gives a private key away, so the assembly connects
/// this.
public interface Certificates {
    /// Has none: HTTPS listeners are refused with CertificateNotFound.
    Certificates NONE = new Certificates() {
        @Override
        public boolean exists(String arn) {
            return false;
        }

        @Override
        public Optional<TlsIdentity.Certificate> find(String arn) {
            return Optional.empty();
        }
    };

    /// Whether somebody knows a certificate of this ARN, even if it cannot be shown to clients yet.
    boolean exists(String arn);

    /// What to show to clients, with the key; empty while there is nothing to show.
    Optional<TlsIdentity.Certificate> find(String arn);
}
