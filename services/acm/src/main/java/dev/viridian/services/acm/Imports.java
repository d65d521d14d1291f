package dev.viridian.services.acm;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Ids;
import dev.viridian.aws.x509.CertificateFacts;
import dev.viridian.aws.x509.Flaw;
import dev.viridian.aws.x509.FlawedCertificate;
import dev.viridian.aws.x509.ServerCertificate;
import dev.viridian.engine.time.Time;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.acm.model.ImportCertificateRequest;

/// Certificates that people bring. What comes in under an ARN that is there takes the place of what was there, wherever it is served.
final class Imports {
    private final Certificates certificates;
    private final Time time;

    Imports(Certificates certificates, Time time) {
        this.certificates = certificates;
        this.time = time;
    }

    /// @return its ARN
    String bring(ImportCertificateRequest request) {
        Instant now = time.now();
        Map<String, String> tags = AcmTags.of(request.tags());
        if (request.certificateArn() != null && !tags.isEmpty()) {
            throw AcmErrors.validation("You cannot apply tags when reimporting a certificate."); // a guess, after the API reference
        }
        if (request.certificateArn() != null) {
            certificates.get(request.certificateArn()); // unknown is said before flawed
        }
        ServerCertificate brought = read(request, now);
        CertificateFacts facts = CertificateFacts.of(brought.leaf());
        StoredCertificate.Body body = new StoredCertificate.Body(brought.certificatePem(), brought.chainPem(), now, facts.notAfter());
        List<String> names = facts.names().isEmpty() && !facts.domainName().isEmpty() ? List.of(facts.domainName()) : facts.names();
        return certificates.transact(() -> install(request, brought, facts, body, names, tags));
    }

    private String install(ImportCertificateRequest request, ServerCertificate brought, CertificateFacts facts, StoredCertificate.Body body,
            List<String> names, Map<String, String> tags) {
        StoredCertificate next = Optional.ofNullable(request.certificateArn()).map(certificates::get)
                .map(old -> again(old, facts).named(facts.domainName(), names).with(body, Optional.empty()))
                .orElseGet(() -> new StoredCertificate(Arn.here("acm", "certificate/" + Ids.uuid()), facts.domainName(), names, true,
                        StoredCertificate.Phase.ISSUED, facts.keyAlgorithm(), body.since(), Optional.of(body), false, false, false, Optional.empty(), tags));
        certificates.put(next, brought.keyPem());
        return next.arn();
    }

    /// Source: ACM user guide, "Reimport a certificate": the kind of key cannot change. The wordings are guesses.
    private static StoredCertificate again(StoredCertificate old, CertificateFacts facts) {
        if (!old.imported()) {
            throw AcmErrors.validation("Certificate " + old.arn() + " was not imported and cannot be reimported.");
        }
        if (!old.keyAlgorithm().equals(facts.keyAlgorithm())) {
            throw AcmErrors.validation("The key algorithm of a certificate cannot change when it is reimported: it is " + old.keyAlgorithm()
                    + ", not " + facts.keyAlgorithm() + ".");
        }
        if (facts.domainName().isEmpty()) {
            throw AcmErrors.validation("You cannot remove all of the domain names when reimporting a certificate.");
        }
        return old;
    }

    private static ServerCertificate read(ImportCertificateRequest request, Instant now) {
        try {
            return ServerCertificate.read(request.certificate().asUtf8String(),
                    request.certificateChain() == null ? null : request.certificateChain().asUtf8String(), request.privateKey().asUtf8String(), now)
                    .withItsSigner();
        } catch (FlawedCertificate e) {
            throw AcmErrors.of(e.flaw());
        } catch (UncheckedIOException e) { // bytes that are no text
            throw AcmErrors.of(Flaw.CERTIFICATE_UNREADABLE);
        }
    }
}
