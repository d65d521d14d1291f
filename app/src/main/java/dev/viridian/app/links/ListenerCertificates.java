package dev.viridian.app.links;

import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.services.acm.Acm;
import dev.viridian.services.elbv2.Certificates;
import java.util.Optional;

/// The certificates listeners may show, with their keys: ACM's.
public final class ListenerCertificates implements Certificates {
    private final Acm acm;

    public ListenerCertificates(Acm acm) {
        this.acm = acm;
    }

    @Override
    public boolean exists(String arn) {
        return acm.has(arn);
    }

    @Override
    public Optional<TlsIdentity.Certificate> find(String arn) {
        return acm.served(arn).map(served -> new TlsIdentity.Certificate(arn, served.certificatePem() + served.chainPem(), served.keyPem()));
    }
}
