package dev.viridian.app.links;

import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.services.acm.Acm;
import dev.viridian.services.elbv2.Certificates;
import dev.viridian.services.iam.Iam;
import java.util.Optional;

/// The certificates listeners may show, with their keys: ACM's and IAM's.
public final class ListenerCertificates implements Certificates {
    private final Acm acm;
    private final Iam iam;

    public ListenerCertificates(Acm acm, Iam iam) {
        this.acm = acm;
        this.iam = iam;
    }

    @Override
    public boolean exists(String arn) {
        return isIams(arn) ? iam.serverCertificate(arn).isPresent() : acm.has(arn);
    }

    @Override
    public Optional<TlsIdentity.Certificate> find(String arn) {
        if (isIams(arn)) {
            return iam.serverCertificate(arn).map(served -> new TlsIdentity.Certificate(arn, served.chainPem(), served.keyPem()));
        }
        return acm.served(arn).map(served -> new TlsIdentity.Certificate(arn, served.certificatePem() + served.chainPem(), served.keyPem()));
    }

    private static boolean isIams(String arn) {
        return arn.contains(":server-certificate/");
    }
}
