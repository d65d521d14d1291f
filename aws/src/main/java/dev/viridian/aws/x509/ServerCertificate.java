package dev.viridian.aws.x509;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A certificate with its key and those above it, which belong together: a value of this type cannot be wrong, but it can grow old.
///
/// @param chain certificates above the leaf, each of which signed the one before; may be empty, and need not reach a root
public record ServerCertificate(X509Certificate leaf, List<X509Certificate> chain, PrivateKey key) {
    public ServerCertificate {
        chain = List.copyOf(chain);
        if (KeyAlgorithms.of(leaf.getPublicKey()).isEmpty()) {
            throw new FlawedCertificate(Flaw.KEY_UNSUPPORTED);
        }
        X509Certificate below = leaf;
        for (X509Certificate above : chain) {
            if (!isSignedBy(below, above)) {
                throw new FlawedCertificate(Flaw.CHAIN_BROKEN);
            }
            below = above;
        }
    }

    /// @param chain null or blank when there is none
    /// @throws FlawedCertificate when they do not make a certificate that could be shown to clients now; a chain may be missing
    public static ServerCertificate read(String certificate, @Nullable String chain, String key, Instant now) {
        List<X509Certificate> leaves = certificates(certificate, Flaw.CERTIFICATE_UNREADABLE);
        if (leaves.size() > 1) {
            throw new FlawedCertificate(Flaw.MORE_THAN_ONE_CERTIFICATE);
        }
        X509Certificate leaf = leaves.getFirst();
        List<X509Certificate> above = chain == null || chain.isBlank() ? List.of() : certificates(chain, Flaw.CHAIN_UNREADABLE);
        checkValid(leaf, now);
        if (KeyAlgorithms.of(leaf.getPublicKey()).isEmpty()) {
            throw new FlawedCertificate(Flaw.KEY_UNSUPPORTED);
        }
        return new ServerCertificate(leaf, above, PrivateKeys.read(key, leaf.getPublicKey()));
    }

    /// This certificate, if it says who signed it: by its chain, or because it did itself.
    ///
    /// @throws FlawedCertificate when it does not
    public ServerCertificate withItsSigner() {
        if (chain.isEmpty() && !isSignedBy(leaf, leaf)) {
            throw new FlawedCertificate(Flaw.CHAIN_MISSING);
        }
        return this;
    }

    private static List<X509Certificate> certificates(String pem, Flaw unreadable) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> found = new ArrayList<>();
            for (Pem block : Pem.blocks(pem)) {
                if (!block.kind().equals("CERTIFICATE")) {
                    throw new FlawedCertificate(unreadable);
                }
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
            }
            if (found.isEmpty()) {
                throw new FlawedCertificate(unreadable);
            }
            return found;
        } catch (CertificateException | IllegalArgumentException e) {
            throw new FlawedCertificate(unreadable);
        }
    }

    private static void checkValid(X509Certificate leaf, Instant now) {
        try {
            leaf.checkValidity(Date.from(now));
        } catch (CertificateExpiredException e) {
            throw new FlawedCertificate(Flaw.EXPIRED);
        } catch (CertificateNotYetValidException e) {
            throw new FlawedCertificate(Flaw.NOT_YET_VALID);
        }
    }

    private static boolean isSignedBy(X509Certificate below, X509Certificate above) {
        try {
            below.verify(above.getPublicKey());
            return below.getIssuerX500Principal().equals(above.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public String certificatePem() {
        return pem(leaf);
    }

    /// Empty when there is no chain.
    public String chainPem() {
        return String.join("", chain.stream().map(ServerCertificate::pem).toList());
    }

    /// PKCS#8, unencrypted, whatever form it came in.
    public String keyPem() {
        return new Pem("PRIVATE KEY", key.getEncoded()).text();
    }

    private static String pem(X509Certificate certificate) {
        try {
            return new Pem("CERTIFICATE", certificate.getEncoded()).text();
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read or made can be written", e);
        }
    }

    @Override
    public String toString() {
        return "certificate of " + leaf.getSubjectX500Principal(); // never the key
    }
}
