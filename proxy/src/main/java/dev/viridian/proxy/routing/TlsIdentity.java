package dev.viridian.proxy.routing;

import java.util.List;

/// What a TLS listener shows its clients. A client that names a server is shown the best certificate with that name which it can verify; one that names
/// none, or a name that no certificate has, is shown the first.
///
/// @param applicationProtocols offered by ALPN where bytes are passed through, most preferred first; empty to take no part
///                             in ALPN. Listeners that read requests offer what they can read
public record TlsIdentity(List<Certificate> certificates, TlsPolicy policy, List<String> applicationProtocols) {

    /// @param id       by which its owner knows it
    /// @param chainPem certificate chain, leaf first, in PEM
    /// @param keyPem   unencrypted PKCS#8 private key in PEM
    public record Certificate(String id, String chainPem, String keyPem) {
        @Override
        public String toString() {
            return "Certificate[" + id + "]"; // never the key
        }
    }

    public TlsIdentity {
        certificates = List.copyOf(certificates);
        applicationProtocols = List.copyOf(applicationProtocols);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a TLS listener needs at least one certificate");
        }
    }

    public static TlsIdentity of(Certificate... certificates) {
        return new TlsIdentity(List.of(certificates), TlsPolicy.MODERN, List.of());
    }
}
