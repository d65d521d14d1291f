package dev.viridian.services.iam;

import java.util.List;

/// Who serves server certificates. AWS's load balancers tell IAM in private which they use.
@FunctionalInterface
public interface CertificateUsers {
    /// ARNs of the load balancers that use the certificate of this ARN.
    List<String> of(String certificateArn);
}
