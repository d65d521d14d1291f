package dev.viridian.app.bench;

import dev.viridian.app.tls.CertificateAuthority;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/// The certificate that all contenders present.
record Pem(String certificate, String chain, String key) {
    static Pem make(Path folder, Instant now) {
        CertificateAuthority.Issued issued = CertificateAuthority.in(folder, now).issue(List.of("localhost", "127.0.0.1"), now);
        try {
            StringBuilder chain = new StringBuilder();
            for (X509Certificate above : issued.chain().subList(1, issued.chain().size())) {
                chain.append(block("CERTIFICATE", above.getEncoded()));
            }
            return new Pem(block("CERTIFICATE", issued.chain().getFirst().getEncoded()), chain.toString(),
                    block("PRIVATE KEY", issued.key().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was made can be written", e);
        }
    }

    private static String block(String name, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + name + "-----\n" + text + "\n-----END " + name + "-----\n";
    }
}
