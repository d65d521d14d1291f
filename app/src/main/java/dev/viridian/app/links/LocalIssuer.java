package dev.viridian.app.links;

import dev.viridian.app.tls.CertificateAuthority;
import dev.viridian.engine.time.Time;
import dev.viridian.services.acm.CertificateIssuer;
import java.util.List;

/// Certificates of our own authority, for names that lead to this machine by themselves. It may sign for AWS's names too, but only for our own front
/// door: a key for those must not be anybody's for the asking.
public final class LocalIssuer implements CertificateIssuer {
    private static final List<String> OURS = List.of("localhost", "viridian.internal");

    private final CertificateAuthority authority;
    private final Time time;

    public LocalIssuer(CertificateAuthority authority, Time time) {
        this.authority = authority;
        this.time = time;
    }

    @Override
    public boolean vouchesFor(String name) {
        String plain = name.startsWith("*.") ? name.substring(2) : name;
        return OURS.stream().anyMatch(suffix -> plain.equals(suffix) || plain.endsWith("." + suffix));
    }

    @Override
    public Issued issue(List<String> names, String keyAlgorithm) {
        CertificateAuthority.Issued issued = authority.issue(names, CertificateAuthority.keys(keyAlgorithm), time.now());
        return new Issued(CertificateAuthority.pem(issued.chain().getFirst()), CertificateAuthority.pem(issued.chain().getLast()),
                CertificateAuthority.pem(issued.key()));
    }
}
