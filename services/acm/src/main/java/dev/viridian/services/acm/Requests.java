package dev.viridian.services.acm;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import software.amazon.awssdk.services.acm.model.CertificateExport;
import software.amazon.awssdk.services.acm.model.CertificateTransparencyLoggingPreference;
import software.amazon.awssdk.services.acm.model.DomainValidationOption;
import software.amazon.awssdk.services.acm.model.KeyAlgorithm;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;
import software.amazon.awssdk.services.acm.model.ValidationMethod;

/// Certificates that are asked for. Issued at once where our authority may vouch for every name, else pending: nobody looks for proof.
final class Requests {
    /// Source: ACM API, RequestCertificate: what a public certificate may have.
    private static final Set<KeyAlgorithm> OFFERED = Set.of(KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_PRIME256_V1, KeyAlgorithm.EC_SECP384_R1);
    /// Source: ACM user guide: "the request times out after 72 hours".
    private static final Duration VALIDATION = Duration.ofHours(72);
    /// Source: ACM API, RequestCertificate, IdempotencyToken.
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final String TIMEOUTS = "acm.validation-timeouts";

    /// @param request what was asked for, in words, so that the same token with another request is another request
    private record Token(String request, String arn, Instant until) {}

    private final Store store;
    private final Work work;
    private final Time time;
    private final Certificates certificates;
    private final CertificateIssuer issuer;
    private final Renewals renewals;
    private final Table<Token> tokens;

    Requests(Store store, Work work, Time time, Certificates certificates, CertificateIssuer issuer, Renewals renewals) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.certificates = certificates;
        this.issuer = issuer;
        this.renewals = renewals;
        this.tokens = store.table("acm.request-tokens", Token.class);
        work.handle(TIMEOUTS, arn -> {
            certificates.find(arn).filter(each -> each.phase() == StoredCertificate.Phase.PENDING)
                    .ifPresent(each -> certificates.put(each.with(StoredCertificate.Phase.TIMED_OUT)));
            return Next.done();
        });
    }

    /// @return its ARN
    String request(RequestCertificateRequest request) {
        refuseWhatIsNotHere(request);
        KeyAlgorithm algorithm = request.keyAlgorithm() == null ? KeyAlgorithm.RSA_2048 : request.keyAlgorithm();
        if (!OFFERED.contains(algorithm)) {
            throw AcmErrors.validation("The key algorithm " + algorithm + " is not supported for public certificates."); // a guess
        }
        SequencedSet<String> names = new LinkedHashSet<>();
        names.add(request.domainName().toLowerCase(Locale.ROOT));
        request.subjectAlternativeNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        checkValidationDomains(request.domainValidationOptions(), names);
        Map<String, String> tags = AcmTags.of(request.tags());
        String words = names + " " + algorithm + " " + request.options();
        Optional<String> same = request.idempotencyToken() == null ? Optional.empty() : remembered(request.idempotencyToken(), words);
        if (same.isPresent()) {
            return same.get();
        }
        boolean provable = names.stream().allMatch(issuer::vouchesFor);
        if (!provable && request.validationMethod() == ValidationMethod.EMAIL) {
            throw new UnsupportedOperationException("RequestCertificate with validation by email");
        }
        StoredCertificate asked = asked(request, List.copyOf(names), algorithm, tags);
        Optional<CertificateIssuer.Issued> issued = provable ? Optional.of(issuer.issue(asked.names(), algorithm.toString())) : Optional.empty();
        store.transact(() -> {
            issued.ifPresentOrElse(each -> renewals.install(asked, each, Optional.empty()), () -> {
                certificates.put(asked);
                if (asked.phase() == StoredCertificate.Phase.PENDING) {
                    work.at(TIMEOUTS, asked.arn(), time.deadline(VALIDATION));
                }
            });
            if (request.idempotencyToken() != null) {
                remember(request.idempotencyToken(), new Token(words, asked.arn(), time.now().plus(REMEMBERED)));
            }
        });
        return asked.arn();
    }

    private static void refuseWhatIsNotHere(RequestCertificateRequest request) {
        if (request.certificateAuthorityArn() != null) {
            throw new UnsupportedOperationException("RequestCertificate from a private certificate authority");
        }
        if (request.managedBy() != null || request.validationMethod() == ValidationMethod.HTTP) {
            throw new UnsupportedOperationException("RequestCertificate for CloudFront");
        }
    }

    private static void checkValidationDomains(List<DomainValidationOption> options, Set<String> names) {
        for (DomainValidationOption option : options) {
            String domain = option.domainName().toLowerCase(Locale.ROOT);
            String proof = option.validationDomain().toLowerCase(Locale.ROOT);
            if (!names.contains(domain) || !domain.equals(proof) && !domain.endsWith("." + proof)) {
                throw AcmErrors.validationDomain(domain);
            }
        }
    }

    private StoredCertificate asked(RequestCertificateRequest request, List<String> names, KeyAlgorithm algorithm, Map<String, String> tags) {
        boolean ofAws = names.stream().anyMatch(name -> name.matches("(.*\\.)?(amazonaws|amazon|aws)(\\.com|\\.com\\.cn)?"));
        boolean exportable = request.options() != null && request.options().export() == CertificateExport.ENABLED;
        boolean transparency = request.options() == null
                || request.options().certificateTransparencyLoggingPreference() != CertificateTransparencyLoggingPreference.DISABLED;
        return new StoredCertificate(Arn.here("acm", "certificate/" + Ids.uuid()), names.getFirst(), names, false,
                ofAws ? StoredCertificate.Phase.FAILED : StoredCertificate.Phase.PENDING, algorithm.toString(), time.now(), Optional.empty(), exportable,
                false, transparency, Optional.empty(), tags);
    }

    private Optional<String> remembered(String token, String words) {
        return tokens.find(tokenKey(token)).filter(known -> known.request().equals(words) && known.until().isAfter(time.now())).map(Token::arn)
                .filter(arn -> certificates.find(arn).isPresent());
    }

    private void remember(String token, Token remembered) {
        tokens.rows(Key.under(Caller.current().account(), Caller.current().region())).stream()
                .filter(row -> !row.value().until().isAfter(time.now())).forEach(row -> tokens.delete(row.key()));
        tokens.put(tokenKey(token), remembered);
    }

    private static String tokenKey(String token) {
        return Key.of(Caller.current().account(), Caller.current().region(), token);
    }
}
