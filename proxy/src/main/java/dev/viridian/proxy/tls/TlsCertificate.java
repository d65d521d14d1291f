package dev.viridian.proxy.tls;

import io.netty.handler.ssl.SslContext;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate ready to be shown: its context, and what is needed to choose among several.
///
/// @param names       lower-case DNS names, possibly beginning with `*.`
/// @param ecdsaScheme how a client says that it verifies signatures of this key; 0 for an RSA key
record TlsCertificate(String id, SslContext context, List<String> names, int ecdsaScheme, int keyBits, Instant notAfter) {
    /// The best first: ECDSA before RSA, then longer keys, then the one that lives longer.
    static final Comparator<TlsCertificate> BEST_FIRST = Comparator.comparing((TlsCertificate each) -> each.ecdsaScheme() == 0)
            .thenComparing(Comparator.comparingInt(TlsCertificate::keyBits).reversed())
            .thenComparing(Comparator.comparing(TlsCertificate::notAfter).reversed());

    private static final int DNS_NAME = 2;
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)\\s*CN=([^,]+)");

    static TlsCertificate of(TlsStock.Kind kind) {
        String id = kind.certificate().id();
        X509Certificate[] chain;
        List<String> names;
        try {
            chain = Pem.certificates(kind.certificate().chainPem());
            names = names(chain[0]);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException("certificate " + id + " of a listener cannot be read: " + e.getMessage(), e);
        }
        PublicKey key = chain[0].getPublicKey();
        return new TlsCertificate(id, TlsProvider.server(kind, chain), names, ecdsaScheme(key), bits(key), chain[0].getNotAfter().toInstant());
    }

    /// @param name in lower case
    boolean speaksFor(String name) {
        int dot = name.indexOf('.');
        return names.contains(name) || dot >= 0 && names.contains("*" + name.substring(dot));
    }

    private static List<String> names(X509Certificate leaf) throws CertificateParsingException {
        Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
        if (alternatives != null) {
            return alternatives.stream().filter(each -> each.getFirst().equals(DNS_NAME))
                    .map(each -> each.get(1).toString().toLowerCase(Locale.ROOT)).toList();
        }
        Matcher common = COMMON_NAME.matcher(leaf.getSubjectX500Principal().getName());
        return common.find() ? List.of(common.group(1).toLowerCase(Locale.ROOT)) : List.of();
    }

    /// Source: RFC 8446, 4.2.3.
    private static int ecdsaScheme(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return 0;
        }
        return switch (ec.getParams().getCurve().getField().getFieldSize()) {
            case 256 -> 0x0403;
            case 384 -> 0x0503;
            default -> 0x0603;
        };
    }

    private static int bits(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            case RSAPublicKey rsa -> rsa.getModulus().bitLength();
            default -> 0;
        };
    }
}
