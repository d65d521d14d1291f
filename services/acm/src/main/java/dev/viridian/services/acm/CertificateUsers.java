package dev.viridian.services.acm;

import java.util.List;

/// Who serves certificates. AWS's services tell ACM in private which of its certificates they use.
public interface CertificateUsers {
    CertificateUsers NOBODY = new CertificateUsers() {
        @Override
        public List<String> of(String certificateArn) {
            return List.of();
        }

        @Override
        public void changed(String certificateArn) {}
    };

    /// ARNs of the load balancers and the like that use it.
    List<String> of(String certificateArn);

    /// There is another certificate under this ARN now; called once that is durable.
    void changed(String certificateArn);
}
