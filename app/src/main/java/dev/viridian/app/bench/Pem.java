package dev.viridian.app.bench;

import dev.viridian.app.tls.CertificateAuthority;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// The certificate that all contenders present.
record Pem(String certificate, String chain, String key) {
    static Pem make(Path folder, Instant now) {
        CertificateAuthority.Issued issued = CertificateAuthority.in(folder, now).issue(List.of("localhost", "127.0.0.1"), now);
        String chain = issued.chain().stream().skip(1).map(CertificateAuthority::pem).collect(Collectors.joining());
        return new Pem(CertificateAuthority.pem(issued.chain().getFirst()), chain, CertificateAuthority.pem(issued.key()));
    }
}
