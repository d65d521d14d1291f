package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CertificateNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/// Whether a caller's listener may show a certificate: ACM's of the same account and region, or IAM's of the same account, if it is there and issued.
final class CertificateCheck {
    private final Certificates certificates;

    CertificateCheck(Certificates certificates) {
        this.certificates = certificates;
    }

    void check(@Nullable String arn) {
        if (arn == null || !isOurs(arn) || !certificates.exists(arn)) {
            throw CertificateNotFoundException.builder().message("Certificate '" + arn + "' not found").build();
        }
        if (certificates.find(arn).isEmpty()) {
            throw AwsErrors.of(ElasticLoadBalancingV2Exception.builder(), "UnsupportedCertificate", 400, "The certificate '" + arn
                    + "' must have a fully-qualified domain name, a supported signature, and a supported key size.");
        }
    }

    private static boolean isOurs(String text) {
        if (!Arn.isArn(text)) {
            return false;
        }
        Arn arn = Arn.parse(text);
        return arn.account().equals(Caller.current().account())
                && (arn.service().equals("iam") || arn.service().equals("acm") && arn.region().equals(Caller.current().region()));
    }
}
