package dev.viridian.aws.x509;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What AWS tells of a certificate, read out of it.
///
/// @param domainName the common name, or the first alternative name where there is none
/// @param names alternative names: DNS names and IP addresses
/// @param serial as AWS writes it: bytes in hexadecimal, colons between
public record CertificateFacts(String domainName, List<String> names, String subject, String issuer, String serial, String keyAlgorithm,
        String signatureAlgorithm, Instant notBefore, Instant notAfter, List<String> extendedKeyUsages, boolean[] keyUsages) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)\\s*CN=((?:\\\\.|[^,\\\\])+)");
    private static final Pattern ORGANIZATION = Pattern.compile("(?:^|,)\\s*O=((?:\\\\.|[^,\\\\])+)");

    public static CertificateFacts of(String pem) {
        try {
            return of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was taken can be read", e);
        }
    }

    public static CertificateFacts of(X509Certificate certificate) {
        SequencedSet<String> names = alternativeNames(certificate);
        String subject = certificate.getSubjectX500Principal().getName();
        String issuer = certificate.getIssuerX500Principal().getName();
        String domain = first(COMMON_NAME, subject).or(() -> names.stream().findFirst()).orElse("");
        boolean[] usages = certificate.getKeyUsage();
        return new CertificateFacts(domain, List.copyOf(names), certificate.getSubjectX500Principal().toString(),
                first(ORGANIZATION, issuer).or(() -> first(COMMON_NAME, issuer)).orElse(issuer), serial(certificate.getSerialNumber()),
                KeyAlgorithms.of(certificate.getPublicKey()).orElse("UNKNOWN"), signature(certificate.getSigAlgName()),
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant(), extended(certificate),
                usages == null ? new boolean[0] : usages);
    }

    private static SequencedSet<String> alternativeNames(X509Certificate certificate) {
        SequencedSet<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream().filter(each -> each.getFirst().equals(DNS_NAME) || each.getFirst().equals(IP_ADDRESS))
                        .forEach(each -> names.add(each.get(1).toString()));
            }
        } catch (CertificateParsingException e) {
            // a certificate without readable names has none
        }
        return names;
    }

    private static List<String> extended(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null ? List.of() : List.copyOf(usages);
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static Optional<String> first(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.find() ? Optional.of(matcher.group(1).replaceAll("\\\\(.)", "$1")) : Optional.empty();
    }

    private static String serial(BigInteger number) {
        String hex = number.toString(16);
        return HexFormat.ofDelimiter(":").formatHex(HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : "0" + hex));
    }

    /// `SHA256WITHRSA`, where the JDK says `SHA256withRSA`.
    private static String signature(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
