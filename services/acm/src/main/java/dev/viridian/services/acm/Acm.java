package dev.viridian.services.acm;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.*;

/// AWS Certificate Manager of this process. See the package for what differs from AWS.
public final class Acm implements AcmClient {
    /// Source: ACM API, ExpiryEventsConfiguration.
    private static final int DAYS_BEFORE_EXPIRY = 45;

    private final Certificates certificates;
    private final Imports imports;
    private final Requests requests;
    private final Renewals renewals;
    private final Views views;
    private final Listing listing;
    private final Time time;

    /// @param work not yet started
    /// @param issuer signs what is requested
    /// @param users asked who uses a certificate, and told when it changes
    public Acm(Store store, Work work, Time time, CertificateIssuer issuer, CertificateUsers users) {
        this.time = time;
        this.certificates = new Certificates(store, users);
        this.renewals = new Renewals(work, time, certificates, issuer);
        this.imports = new Imports(certificates, time);
        this.requests = new Requests(store, work, time, certificates, issuer, renewals);
        this.views = new Views(certificates, renewals);
        this.listing = new Listing(certificates, views);
    }

    /// Whether there is a certificate under this ARN, in any account and region, issued or not.
    public boolean has(String arn) {
        return certificates.find(arn).isPresent();
    }

    /// The certificate under this ARN with its key, for whoever serves it; empty while it has not been issued.
    public Optional<CertificateIssuer.Issued> served(String arn) {
        return certificates.find(arn).flatMap(StoredCertificate::body).flatMap(body -> certificates.privateKey(arn)
                .map(key -> new CertificateIssuer.Issued(body.certificatePem(), body.chainPem(), key)));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // the store belongs to the assembly
    }

    @Override
    public ImportCertificateResponse importCertificate(ImportCertificateRequest request) {
        return ImportCertificateResponse.builder().certificateArn(imports.bring(request)).build();
    }

    @Override
    public RequestCertificateResponse requestCertificate(RequestCertificateRequest request) {
        return RequestCertificateResponse.builder().certificateArn(requests.request(request)).build();
    }

    @Override
    public DescribeCertificateResponse describeCertificate(DescribeCertificateRequest request) {
        return DescribeCertificateResponse.builder().certificate(views.detail(certificates.get(request.certificateArn()), time.now())).build();
    }

    @Override
    public GetCertificateResponse getCertificate(GetCertificateRequest request) {
        StoredCertificate.Body body = body(certificates.get(request.certificateArn()));
        return GetCertificateResponse.builder().certificate(body.certificatePem()).certificateChain(chain(body)).build();
    }

    private static StoredCertificate.Body body(StoredCertificate certificate) {
        return certificate.body().orElseThrow(() -> switch (certificate.phase()) {
            case PENDING -> AcmErrors.inProgress(certificate.arn());
            case ISSUED, FAILED, TIMED_OUT -> AcmErrors.notFound(certificate.arn());
        });
    }

    private static @Nullable String chain(StoredCertificate.Body body) {
        return body.chainPem().isEmpty() ? null : body.chainPem();
    }

    @Override
    public ListCertificatesResponse listCertificates(ListCertificatesRequest request) {
        return listing.list(request, time.now());
    }

    @Override
    public ListCertificatesResponse listCertificates() {
        return listCertificates(ListCertificatesRequest.builder().build());
    }

    @Override
    public DeleteCertificateResponse deleteCertificate(DeleteCertificateRequest request) {
        certificates.delete(request.certificateArn());
        return DeleteCertificateResponse.builder().build();
    }

    /// Source: ACM API, ExportCertificate: imported certificates, and those not requested as exportable, stay.
    @Override
    public ExportCertificateResponse exportCertificate(ExportCertificateRequest request) {
        StoredCertificate certificate = certificates.get(request.certificateArn());
        if (!certificate.exportable()) {
            throw AcmErrors.validation("Certificate ARN: " + certificate.arn() + " is not a private certificate");
        }
        StoredCertificate.Body body = body(certificate);
        String key = certificates.privateKey(certificate.arn()).orElseThrow();
        certificates.change(certificate.arn(), StoredCertificate::handedOut);
        return ExportCertificateResponse.builder().certificate(body.certificatePem()).certificateChain(chain(body))
                .privateKey(Exports.encrypted(key, request.passphrase().asUtf8String())).build();
    }

    /// Source: ACM API, RenewCertificate: for private certificates only, which are not here; the others renew themselves.
    @Override
    public RenewCertificateResponse renewCertificate(RenewCertificateRequest request) {
        StoredCertificate certificate = certificates.get(request.certificateArn());
        throw AcmErrors.validation("Certificate ARN: " + certificate.arn() + " is not a private certificate");
    }

    @Override
    public AddTagsToCertificateResponse addTagsToCertificate(AddTagsToCertificateRequest request) {
        certificates.change(request.certificateArn(), each -> each.withTags(AcmTags.added(each.tags(), request.tags())));
        return AddTagsToCertificateResponse.builder().build();
    }

    @Override
    public RemoveTagsFromCertificateResponse removeTagsFromCertificate(RemoveTagsFromCertificateRequest request) {
        certificates.change(request.certificateArn(), each -> each.withTags(AcmTags.removed(each.tags(), request.tags())));
        return RemoveTagsFromCertificateResponse.builder().build();
    }

    @Override
    public ListTagsForCertificateResponse listTagsForCertificate(ListTagsForCertificateRequest request) {
        return ListTagsForCertificateResponse.builder().tags(AcmTags.list(certificates.get(request.certificateArn()).tags())).build();
    }

    /// Source: ACM API, UpdateCertificateOptions: for requested certificates; whether one is exportable is settled when it is requested.
    @Override
    public UpdateCertificateOptionsResponse updateCertificateOptions(UpdateCertificateOptionsRequest request) {
        CertificateTransparencyLoggingPreference wanted = request.options().certificateTransparencyLoggingPreference();
        certificates.change(request.certificateArn(), each -> {
            if (each.imported() || request.options().export() != null) {
                throw AcmErrors.validation("The options of certificate " + each.arn() + " cannot be changed."); // a guess
            }
            return wanted == null ? each : each.withTransparency(wanted == CertificateTransparencyLoggingPreference.ENABLED);
        });
        return UpdateCertificateOptionsResponse.builder().build();
    }

    @Override
    public GetAccountConfigurationResponse getAccountConfiguration(GetAccountConfigurationRequest request) {
        return GetAccountConfigurationResponse.builder().expiryEvents(e -> e.daysBeforeExpiry(DAYS_BEFORE_EXPIRY)).build();
    }

    /// Nobody sends events before certificates expire, so there is no number of days to choose but the one that is shown.
    @Override
    public PutAccountConfigurationResponse putAccountConfiguration(PutAccountConfigurationRequest request) {
        Integer days = request.expiryEvents() == null ? null : request.expiryEvents().daysBeforeExpiry();
        if (days != null && days != DAYS_BEFORE_EXPIRY) {
            throw new UnsupportedOperationException("PutAccountConfiguration: events before certificates expire");
        }
        return PutAccountConfigurationResponse.builder().build();
    }
}
