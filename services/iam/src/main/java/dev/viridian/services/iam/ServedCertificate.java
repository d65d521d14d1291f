package dev.viridian.services.iam;

/// A server certificate with its key, for whoever shows it to clients.
///
/// @param chainPem leaf first
/// @param keyPem unencrypted PKCS#8
public record ServedCertificate(String chainPem, String keyPem) {
    @Override
    public String toString() {
        return "ServedCertificate[...]"; // never the key
    }
}
