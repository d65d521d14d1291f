package dev.viridian.services.acm;

import java.util.List;

/// Signs the certificates that are requested here. AWS is an authority itself; the assembly lends us one.
public interface CertificateIssuer {
    /// Vouches for nobody: every request stays pending.
    CertificateIssuer NOBODY = new CertificateIssuer() {
        @Override
        public boolean vouchesFor(String name) {
            return false;
        }

        @Override
        public Issued issue(List<String> names, String keyAlgorithm) {
            throw new IllegalStateException("asked to vouch for " + names + " without authority");
        }
    };

    /// Whether `name`, which may begin with `*.`, needs no other proof and may be signed for.
    boolean vouchesFor(String name);

    /// A certificate with a new key, for names it vouches for.
    ///
    /// @param keyAlgorithm as AWS names them, such as `RSA_2048`
    Issued issue(List<String> names, String keyAlgorithm);

    /// @param chainPem what is above the leaf
    /// @param keyPem unencrypted PKCS#8
    record Issued(String certificatePem, String chainPem, String keyPem) {
        @Override
        public String toString() {
            return "Issued[...]"; // never the key
        }
    }
}
