package dev.viridian.proxy.routing;

import java.util.List;

/// The certificates a TLS listener shows: the one whose names match the client's server name indication, else the first.
public record TlsIdentity(List<Certificate> certificates) {

    /// @param chainPem certificate chain, leaf first, in PEM
    /// @param keyPem   unencrypted PKCS#8 private key in PEM
    public record Certificate(String chainPem, String keyPem) {
        @Override
        public String toString() {
            return "Certificate[...]";
        }
    }

    public TlsIdentity {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a TLS listener needs at least one certificate");
        }
    }
}
