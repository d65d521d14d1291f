package dev.viridian.services.elbv2;

import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Cipher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SslPolicy;

/// The security policies by name. Whatever the policy, the proxy speaks TLS 1.2 and 1.3 with the platform's ciphers and nothing older: no policy is
/// weaker
/// here than in AWS, and the old ones are stronger.
final class SslPolicies {
    static final String STANDARD = "ELBSecurityPolicy-2016-08";
    private static final List<String> TLS13 = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final List<String> TLS12 = List.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384");

    static final List<SslPolicy> ALL = List.of(policy(STANDARD, TLS12, "TLSv1.2"),
            policy("ELBSecurityPolicy-TLS13-1-2-2021-06", both(), "TLSv1.2", "TLSv1.3"),
            policy("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", both(), "TLSv1.2", "TLSv1.3"),
            policy("ELBSecurityPolicy-TLS-1-2-2017-01", TLS12, "TLSv1.2"),
            policy("ELBSecurityPolicy-FS-1-2-Res-2020-10", TLS12, "TLSv1.2"));

    private SslPolicies() {}

    static boolean exists(String name) {
        return ALL.stream().anyMatch(policy -> policy.name().equals(name));
    }

    private static List<String> both() {
        return java.util.stream.Stream.concat(TLS13.stream(), TLS12.stream()).toList();
    }

    private static SslPolicy policy(String name, List<String> ciphers, String... protocols) {
        List<Cipher> ordered = java.util.stream.IntStream.range(0, ciphers.size())
                .mapToObj(i -> Cipher.builder().name(ciphers.get(i)).priority(i + 1).build()).toList();
        return SslPolicy.builder().name(name).sslProtocols(protocols).ciphers(ordered).supportedLoadBalancerTypes("application", "network").build();
    }
}
