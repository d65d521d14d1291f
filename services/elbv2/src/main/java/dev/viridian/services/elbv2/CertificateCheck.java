package dev.viridian.services.elbv2;

import dev.viridian.aws.Arn;
import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.proxy.tls.TlsProvider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CertificateNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/// Whether a caller's listener may show a certificate: ACM's of the same account and region, or IAM's of the same account, if it is there, issued and
/// such that the proxy can use it: what it cannot use must not be committed, because it would be in the way of every change after it.
final class CertificateCheck {
    private final Certificates certificates;

    CertificateCheck(Certificates certificates) {
        this.certificates = certificates;
    }

    /// @param protocol of the listener
    void check(@Nullable String arn, ProtocolEnum protocol) {
        if (arn == null || !isOurs(arn) || !certificates.exists(arn)) {
            throw CertificateNotFoundException.builder().message("Certificate '" + arn + "' not found").build();
        }
        if (certificates.find(arn).filter(found -> flaw(found, protocol).isEmpty()).isEmpty()) {
            throw AwsErrors.of(ElasticLoadBalancingV2Exception.builder(), "UnsupportedCertificate", 400, "The certificate '" + arn
                    + "' must have a fully-qualified domain name, a supported signature, and a supported key size.");
        }
    }

    /// Why listeners of a protocol cannot show a certificate. Whatever is thrown here would be thrown when routing is exchanged.
    static Optional<String> flaw(TlsIdentity.Certificate certificate, ProtocolEnum protocol) {
        try {
            TlsProvider.check(certificate, protocol == ProtocolEnum.TLS);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
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
