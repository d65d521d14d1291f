package dev.viridian.services.acm;

import dev.viridian.aws.Arn;
import dev.viridian.aws.x509.CertificateFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.acm.model.*;

/// Certificates as ACM shows them.
final class Views {
    private static final List<KeyUsageName> KEY_USAGES = List.of(KeyUsageName.DIGITAL_SIGNATURE, KeyUsageName.NON_REPUDIATION,
            KeyUsageName.KEY_ENCIPHERMENT, KeyUsageName.DATA_ENCIPHERMENT, KeyUsageName.KEY_AGREEMENT, KeyUsageName.CERTIFICATE_SIGNING,
            KeyUsageName.CRL_SIGNING, KeyUsageName.ENCIPHER_ONLY, KeyUsageName.DECIPHER_ONLY);
    private static final Map<String, ExtendedKeyUsageName> EXTENDED = Map.of("1.3.6.1.5.5.7.3.1", ExtendedKeyUsageName.TLS_WEB_SERVER_AUTHENTICATION,
            "1.3.6.1.5.5.7.3.2", ExtendedKeyUsageName.TLS_WEB_CLIENT_AUTHENTICATION, "1.3.6.1.5.5.7.3.3", ExtendedKeyUsageName.CODE_SIGNING,
            "1.3.6.1.5.5.7.3.4", ExtendedKeyUsageName.EMAIL_PROTECTION, "1.3.6.1.5.5.7.3.8", ExtendedKeyUsageName.TIME_STAMPING,
            "1.3.6.1.5.5.7.3.9", ExtendedKeyUsageName.OCSP_SIGNING, "2.5.29.37.0", ExtendedKeyUsageName.ANY);
    private static final int SUMMARY_NAMES = 100;

    private final Certificates certificates;
    private final Renewals renewals;

    Views(Certificates certificates, Renewals renewals) {
        this.certificates = certificates;
        this.renewals = renewals;
    }

    CertificateDetail detail(StoredCertificate certificate, Instant now) {
        CertificateDetail.Builder detail = CertificateDetail.builder().certificateArn(certificate.arn()).domainName(text(certificate.domainName()))
                .subjectAlternativeNames(certificate.names().isEmpty() ? null : certificate.names()).status(certificate.status(now))
                .type(type(certificate)).keyAlgorithm(spelledInDetail(certificate.keyAlgorithm()))
                .createdAt(certificate.created()).inUseBy(certificates.usersOf(certificate.arn())).options(options(certificate))
                .renewalEligibility(eligibility(certificate));
        certificate.body().ifPresentOrElse(body -> describe(detail, body.facts(), certificate, body), () -> announce(detail, certificate));
        if (!certificate.imported()) {
            detail.domainValidationOptions(validations(certificate));
            certificate.renewed().ifPresent(moment -> detail.renewalSummary(r -> r.renewalStatus(RenewalStatus.SUCCESS).updatedAt(moment)
                    .domainValidationOptions(validations(certificate))));
        }
        if (certificate.phase() == StoredCertificate.Phase.FAILED) {
            detail.failureReason(FailureReason.DOMAIN_NOT_ALLOWED);
        }
        return detail.build();
    }

    /// DescribeCertificate says `RSA-2048` where every other operation says `RSA_2048`. That it spells elliptic curves like the others is a guess.
    private static String spelledInDetail(String keyAlgorithm) {
        return keyAlgorithm.startsWith("RSA_") ? keyAlgorithm.replace('_', '-') : keyAlgorithm;
    }

    /// What AWS tells of a certificate before there is one. The signatures of elliptic curves are a guess.
    private static void announce(CertificateDetail.Builder detail, StoredCertificate certificate) {
        detail.subject("CN=" + certificate.domainName()).issuer("Amazon").signatureAlgorithm(switch (certificate.keyAlgorithm()) {
            case "EC_prime256v1" -> "SHA256WITHECDSA";
            case "EC_secp384r1" -> "SHA384WITHECDSA";
            default -> "SHA256WITHRSA";
        });
    }

    private static void describe(CertificateDetail.Builder detail, CertificateFacts facts, StoredCertificate certificate,
            StoredCertificate.Body body) {
        detail.serial(facts.serial()).subject(facts.subject()).issuer(facts.issuer()).signatureAlgorithm(facts.signatureAlgorithm())
                .notBefore(facts.notBefore()).notAfter(facts.notAfter())
                .keyUsages(keyUsages(facts).stream().map(name -> KeyUsage.builder().name(name).build()).toList())
                .extendedKeyUsages(facts.extendedKeyUsages().stream()
                        .map(oid -> ExtendedKeyUsage.builder().oid(oid).name(extended(oid)).build()).toList());
        if (certificate.imported()) {
            detail.importedAt(body.since());
        } else {
            detail.issuedAt(body.since());
        }
    }

    CertificateSummary summary(StoredCertificate certificate, Instant now) {
        List<String> names = certificate.names();
        Optional<CertificateFacts> facts = certificate.body().map(StoredCertificate.Body::facts);
        CertificateSummary.Builder summary = CertificateSummary.builder().certificateArn(certificate.arn()).domainName(text(certificate.domainName()))
                .subjectAlternativeNameSummaries(names.subList(0, Math.min(names.size(), SUMMARY_NAMES)))
                .hasAdditionalSubjectAlternativeNames(names.size() > SUMMARY_NAMES).status(certificate.status(now)).type(type(certificate))
                .keyAlgorithm(certificate.keyAlgorithm()).inUse(!certificates.usersOf(certificate.arn()).isEmpty())
                .exportOption(certificate.imported() ? null : export(certificate)).exported(certificate.imported() ? null : certificate.exported())
                .renewalEligibility(eligibility(certificate)).createdAt(certificate.created());
        facts.ifPresent(each -> summary.keyUsages(keyUsages(each)).extendedKeyUsages(extended(each)).notBefore(each.notBefore())
                .notAfter(each.notAfter()));
        certificate.body().ifPresent(body -> {
            if (certificate.imported()) {
                summary.importedAt(body.since());
            } else {
                summary.issuedAt(body.since());
            }
        });
        return summary.build();
    }

    private static CertificateType type(StoredCertificate certificate) {
        return certificate.imported() ? CertificateType.IMPORTED : CertificateType.AMAZON_ISSUED;
    }

    private static CertificateExport export(StoredCertificate certificate) {
        return certificate.exportable() ? CertificateExport.ENABLED : CertificateExport.DISABLED;
    }

    private static CertificateOptions options(StoredCertificate certificate) {
        CertificateTransparencyLoggingPreference logging = certificate.transparency() ? CertificateTransparencyLoggingPreference.ENABLED
                : CertificateTransparencyLoggingPreference.DISABLED;
        return CertificateOptions.builder().certificateTransparencyLoggingPreference(logging)
                .export(certificate.imported() ? null : export(certificate)).build();
    }

    private RenewalEligibility eligibility(StoredCertificate certificate) {
        return renewals.isEligible(certificate) ? RenewalEligibility.ELIGIBLE : RenewalEligibility.INELIGIBLE;
    }

    private static List<DomainValidation> validations(StoredCertificate certificate) {
        String account = Arn.parse(certificate.arn()).account();
        DomainStatus status = switch (certificate.phase()) {
            case PENDING -> DomainStatus.PENDING_VALIDATION;
            case ISSUED -> DomainStatus.SUCCESS;
            case FAILED, TIMED_OUT -> DomainStatus.FAILED;
        };
        return certificate.names().stream().map(name -> DomainValidation.builder().domainName(name)
                .validationDomain(name.startsWith("*.") ? name.substring(2) : name).validationStatus(status).validationMethod(ValidationMethod.DNS)
                .resourceRecord(ValidationRecord.of(account, name)).build()).toList();
    }

    static List<KeyUsageName> keyUsages(CertificateFacts facts) {
        return IntStream.range(0, facts.keyUsages().length).filter(i -> facts.keyUsages()[i]).mapToObj(KEY_USAGES::get).toList();
    }

    static List<ExtendedKeyUsageName> extended(CertificateFacts facts) {
        return facts.extendedKeyUsages().stream().map(Views::extended).toList();
    }

    private static ExtendedKeyUsageName extended(String oid) {
        return EXTENDED.getOrDefault(oid, ExtendedKeyUsageName.CUSTOM);
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }
}
