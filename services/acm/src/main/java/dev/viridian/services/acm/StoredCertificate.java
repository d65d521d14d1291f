package dev.viridian.services.acm;

import dev.viridian.aws.x509.CertificateFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.acm.model.CertificateStatus;

/// What is known of a certificate, without its key.
///
/// @param names of the certificate: those asked for, or those found in it
/// @param phase where a request stands; imported certificates are issued from the start
/// @param body what was issued or imported; empty until then
/// @param exportable whether ExportCertificate gives the key away
/// @param renewed when it was last renewed by us
record StoredCertificate(String arn, String domainName, List<String> names, boolean imported, Phase phase, String keyAlgorithm, Instant created,
        Optional<Body> body, boolean exportable, boolean exported, boolean transparency, Optional<Instant> renewed, Map<String, String> tags) {

    /// Where a request can stand. Whether an issued certificate has expired is for the calendar to say.
    enum Phase { PENDING, ISSUED, FAILED, TIMED_OUT }

    /// @param chainPem empty when there is none
    /// @param since when it was issued or imported
    record Body(String certificatePem, String chainPem, Instant since, Instant notAfter) {
        CertificateFacts facts() {
            return CertificateFacts.of(certificatePem);
        }
    }

    CertificateStatus status(Instant now) {
        return switch (phase) {
            case PENDING -> CertificateStatus.PENDING_VALIDATION;
            case FAILED -> CertificateStatus.FAILED;
            case TIMED_OUT -> CertificateStatus.VALIDATION_TIMED_OUT;
            case ISSUED -> body.filter(each -> each.notAfter().isBefore(now)).isPresent() ? CertificateStatus.EXPIRED : CertificateStatus.ISSUED;
        };
    }

    StoredCertificate with(Phase next) {
        return new StoredCertificate(arn, domainName, names, imported, next, keyAlgorithm, created, body, exportable, exported, transparency, renewed,
                tags);
    }

    StoredCertificate with(Body next, Optional<Instant> renewal) {
        return new StoredCertificate(arn, domainName, names, imported, Phase.ISSUED, keyAlgorithm, created, Optional.of(next), exportable, exported,
                transparency, renewal, tags);
    }

    StoredCertificate named(String domain, List<String> nextNames) {
        return new StoredCertificate(arn, domain, nextNames, imported, phase, keyAlgorithm, created, body, exportable, exported, transparency, renewed,
                tags);
    }

    StoredCertificate handedOut() {
        return new StoredCertificate(arn, domainName, names, imported, phase, keyAlgorithm, created, body, exportable, true, transparency, renewed,
                tags);
    }

    StoredCertificate withTransparency(boolean preferred) {
        return new StoredCertificate(arn, domainName, names, imported, phase, keyAlgorithm, created, body, exportable, exported, preferred, renewed,
                tags);
    }

    StoredCertificate withTags(Map<String, String> next) {
        return new StoredCertificate(arn, domainName, names, imported, phase, keyAlgorithm, created, body, exportable, exported, transparency, renewed,
                new TreeMap<>(next));
    }
}
