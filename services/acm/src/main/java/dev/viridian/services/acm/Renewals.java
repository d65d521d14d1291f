package dev.viridian.services.acm;

import dev.viridian.aws.x509.CertificateFacts;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Issued certificates that are in use are issued anew before they expire, under the same ARN and with a new key. Real days at any pace, as the
/// certificate's own dates are.
///
/// Source: ACM user guide, "Managed certificate renewal": 60 days before expiry, if in use or exported.
final class Renewals {
    private static final Duration AHEAD = Duration.ofDays(60);
    private static final Duration LOOKS_AGAIN = Duration.ofDays(1);
    private static final String KIND = "acm.renewals";

    private final Work work;
    private final Time time;
    private final Certificates certificates;
    private final CertificateIssuer issuer;

    Renewals(Work work, Time time, Certificates certificates, CertificateIssuer issuer) {
        this.work = work;
        this.time = time;
        this.certificates = certificates;
        this.issuer = issuer;
        work.handle(KIND, this::look);
    }

    /// Joins the current transaction.
    void install(StoredCertificate certificate, CertificateIssuer.Issued issued, Optional<Instant> renewed) {
        Instant notAfter = CertificateFacts.of(issued.certificatePem()).notAfter();
        certificates.put(certificate.with(new StoredCertificate.Body(issued.certificatePem(), issued.chainPem(), time.now(), notAfter), renewed),
                issued.keyPem());
        work.at(KIND, certificate.arn(), notAfter.minus(AHEAD));
    }

    private Next look(String arn) {
        Optional<StoredCertificate> found = certificates.find(arn);
        Instant due = found.flatMap(StoredCertificate::body).map(body -> body.notAfter().minus(AHEAD)).orElse(Instant.MAX);
        if (due.equals(Instant.MAX)) {
            return Next.done();
        }
        if (due.isAfter(time.now())) {
            return Next.at(due);
        }
        StoredCertificate certificate = found.orElseThrow();
        if (!isEligible(certificate)) {
            return Next.at(time.now().plus(LOOKS_AGAIN));
        }
        install(certificate, issuer.issue(certificate.names(), certificate.keyAlgorithm()), Optional.of(time.now()));
        return Next.at(certificates.find(arn).flatMap(StoredCertificate::body).orElseThrow().notAfter().minus(AHEAD));
    }

    boolean isEligible(StoredCertificate certificate) {
        return !certificate.imported() && certificate.body().isPresent()
                && (certificate.exported() || !certificates.usersOf(certificate.arn()).isEmpty());
    }
}
