package dev.viridian.proxy.routing;

import java.util.List;

/// Which versions of TLS a listener speaks and with which ciphers, most preferred first. What the TLS library does not have is left out, so that a
/// listener may be stricter than its policy but never weaker.
///
/// @param versions `TLSv1` to `TLSv1.3`
/// @param ciphers  as OpenSSL names them, and `TLS_...` for those of TLS 1.3
public record TlsPolicy(List<String> versions, List<String> ciphers) {
    public static final TlsPolicy MODERN = new TlsPolicy(List.of("TLSv1.2", "TLSv1.3"),
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256",
                    "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"));

    public TlsPolicy {
        versions = List.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        if (versions.isEmpty() || ciphers.isEmpty()) {
            throw new IllegalArgumentException("a TLS policy needs a version and a cipher");
        }
    }
}
