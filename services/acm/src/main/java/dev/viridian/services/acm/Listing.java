package dev.viridian.services.acm;

import dev.viridian.aws.shapes.Pages;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.acm.model.CertificateExport;
import software.amazon.awssdk.services.acm.model.ExtendedKeyUsageName;
import software.amazon.awssdk.services.acm.model.Filters;
import software.amazon.awssdk.services.acm.model.KeyUsageName;
import software.amazon.awssdk.services.acm.model.ListCertificatesRequest;
import software.amazon.awssdk.services.acm.model.ListCertificatesResponse;
import software.amazon.awssdk.services.acm.model.SortOrder;

/// Lists of certificates. Without a filter by key type only those with short RSA keys are shown, which surprises people on AWS too.
///
/// Source: ACM API, ListCertificates and Filters.
final class Listing {
    private static final Set<String> USUAL = Set.of("RSA_1024", "RSA_2048");
    private static final int MOST = 1000;

    private final Certificates certificates;
    private final Views views;

    Listing(Certificates certificates, Views views) {
        this.certificates = certificates;
        this.views = views;
    }

    ListCertificatesResponse list(ListCertificatesRequest request, Instant now) {
        if ((request.sortBy() == null) != (request.sortOrder() == null)) {
            throw AcmErrors.validation("SortBy and SortOrder must be specified together."); // a guess, after the API reference
        }
        Comparator<StoredCertificate> order = Comparator.comparing(Listing::order);
        List<StoredCertificate> found = certificates.own().stream()
                .filter(each -> !request.hasCertificateStatuses() || request.certificateStatuses().contains(each.status(now)))
                .filter(each -> included(request.includes(), each))
                .sorted(request.sortOrder() == SortOrder.DESCENDING ? order.reversed() : order).toList();
        try {
            Pages.Page<StoredCertificate> page = request.sortOrder() == SortOrder.DESCENDING
                    ? Pages.of(found, request.nextToken(), request.maxItems(), MOST)
                    : Pages.of(found, Listing::order, request.nextToken(), request.maxItems(), MOST);
            return ListCertificatesResponse.builder().certificateSummaryList(page.items().stream().map(each -> views.summary(each, now)).toList())
                    .nextToken(page.nextToken()).build();
        } catch (Pages.InvalidToken e) {
            throw AcmErrors.validation("The NextToken is not valid."); // a guess
        }
    }

    private static String order(StoredCertificate certificate) {
        return certificate.created() + " " + certificate.arn();
    }

    private static boolean included(@Nullable Filters filters, StoredCertificate certificate) {
        if (filters == null) {
            return USUAL.contains(certificate.keyAlgorithm());
        }
        boolean keyType = filters.hasKeyTypes() ? filters.keyTypesAsStrings().contains(certificate.keyAlgorithm())
                : USUAL.contains(certificate.keyAlgorithm());
        boolean export = filters.exportOption() == null || certificate.exportable() == (filters.exportOption() == CertificateExport.ENABLED);
        return keyType && export && filters.managedBy() == null && usage(filters, certificate);
    }

    private static boolean usage(Filters filters, StoredCertificate certificate) {
        List<KeyUsageName> usages = certificate.body().map(body -> Views.keyUsages(body.facts())).orElse(List.of());
        List<ExtendedKeyUsageName> extended = certificate.body().map(body -> Views.extended(body.facts())).orElse(List.of());
        boolean anyUsage = !filters.hasKeyUsage() || filters.keyUsage().contains(KeyUsageName.ANY) || usages.stream().anyMatch(filters.keyUsage()::contains);
        boolean anyExtended = !filters.hasExtendedKeyUsage() || filters.extendedKeyUsage().contains(ExtendedKeyUsageName.ANY)
                || extended.stream().anyMatch(filters.extendedKeyUsage()::contains);
        return anyUsage && anyExtended;
    }
}
