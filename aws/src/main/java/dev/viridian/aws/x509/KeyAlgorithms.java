package dev.viridian.aws.x509;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/// The names AWS has for the kinds of keys certificates may have.
///
/// Source: ACM API, CertificateDetail.KeyAlgorithm.
public final class KeyAlgorithms {
    private KeyAlgorithms() {}

    /// `RSA_2048`, `EC_prime256v1`, ...; empty for a key AWS does not take.
    public static Optional<String> of(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> switch (rsa.getModulus().bitLength()) {
                case 1024 -> Optional.of("RSA_1024");
                case 2048 -> Optional.of("RSA_2048");
                case 3072 -> Optional.of("RSA_3072");
                case 4096 -> Optional.of("RSA_4096");
                default -> Optional.empty();
            };
            // explicit parameters of other curves of these sizes do not get past the JDK, which knows no other prime curve as long
            case ECPublicKey ec -> switch (ec.getParams().getCurve().getField().getFieldSize()) {
                case 256 -> Optional.of("EC_prime256v1");
                case 384 -> Optional.of("EC_secp384r1");
                case 521 -> Optional.of("EC_secp521r1");
                default -> Optional.empty();
            };
            default -> Optional.empty();
        };
    }
}
