package dev.viridian.services.elbv2;

import dev.viridian.proxy.routing.TlsPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Cipher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SslPolicy;

/// AWS's predefined security policies, by name: versions of TLS and ciphers as AWS documents them, in its order of preference. The proxy negotiates by
/// them, less what its TLS library does not have.
///
/// Source: user guide "Security policies for your Application Load Balancer", and answers of DescribeSSLPolicies.
final class SslPolicies {
    static final String STANDARD = "ELBSecurityPolicy-2016-08";

    /// What the ciphers of TLS 1.2 and before have in common, in the ways policies tell them apart.
    private enum Family {
        /// Forward secret, authenticated encryption.
        GCM,
        /// Forward secret, CBC with a SHA-2 MAC.
        CBC2,
        /// Forward secret, CBC with a SHA-1 MAC.
        CBC1,
        /// Key exchange by RSA, GCM or a SHA-2 MAC.
        RSA2,
        /// Key exchange by RSA, SHA-1 MAC.
        RSA1,
        DES
    }

    private record Known(String name, Family family) {}

    /// In the order in which every policy prefers them.
    private static final List<Known> ORDER = List.of(new Known("ECDHE-ECDSA-AES128-GCM-SHA256", Family.GCM),
            new Known("ECDHE-RSA-AES128-GCM-SHA256", Family.GCM), new Known("ECDHE-ECDSA-AES128-SHA256", Family.CBC2),
            new Known("ECDHE-RSA-AES128-SHA256", Family.CBC2), new Known("ECDHE-ECDSA-AES128-SHA", Family.CBC1),
            new Known("ECDHE-RSA-AES128-SHA", Family.CBC1), new Known("ECDHE-ECDSA-AES256-GCM-SHA384", Family.GCM),
            new Known("ECDHE-RSA-AES256-GCM-SHA384", Family.GCM), new Known("ECDHE-ECDSA-AES256-SHA384", Family.CBC2),
            new Known("ECDHE-RSA-AES256-SHA384", Family.CBC2), new Known("ECDHE-RSA-AES256-SHA", Family.CBC1),
            new Known("ECDHE-ECDSA-AES256-SHA", Family.CBC1), new Known("AES128-GCM-SHA256", Family.RSA2), new Known("AES128-SHA256", Family.RSA2),
            new Known("AES128-SHA", Family.RSA1), new Known("AES256-GCM-SHA384", Family.RSA2), new Known("AES256-SHA256", Family.RSA2),
            new Known("AES256-SHA", Family.RSA1), new Known("DES-CBC3-SHA", Family.DES));
    private static final List<String> NONE = List.of();
    private static final List<String> AES = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
    private static final List<String> ALL_13 = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final Set<Family> RESTRICTED = EnumSet.of(Family.GCM);
    private static final Set<Family> FORWARD_2 = EnumSet.of(Family.GCM, Family.CBC2);
    private static final Set<Family> FORWARD = EnumSet.of(Family.GCM, Family.CBC2, Family.CBC1);
    private static final Set<Family> SHA_2 = EnumSet.of(Family.GCM, Family.CBC2, Family.RSA2);
    private static final Set<Family> USUAL = EnumSet.complementOf(EnumSet.of(Family.DES));
    private static final Set<Family> EVERY = EnumSet.allOf(Family.class);

    private static final Map<String, TlsPolicy> BY_NAME = all();
    static final List<SslPolicy> ALL = BY_NAME.entrySet().stream().map(entry -> shown(entry.getKey(), entry.getValue())).toList();

    private SslPolicies() {}

    private static Map<String, TlsPolicy> all() {
        Map<String, TlsPolicy> all = new LinkedHashMap<>();
        all.put(STANDARD, policy(10, 12, NONE, USUAL));
        all.put("ELBSecurityPolicy-TLS-1-0-2015-04", policy(10, 12, NONE, EVERY));
        all.put("ELBSecurityPolicy-TLS-1-1-2017-01", policy(11, 12, NONE, USUAL));
        all.put("ELBSecurityPolicy-TLS-1-2-2017-01", policy(12, 12, NONE, SHA_2));
        all.put("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", policy(12, 12, NONE, USUAL));
        all.put("ELBSecurityPolicy-FS-2018-06", policy(10, 12, NONE, FORWARD));
        all.put("ELBSecurityPolicy-FS-1-1-2019-08", policy(11, 12, NONE, FORWARD));
        all.put("ELBSecurityPolicy-FS-1-2-2019-08", policy(12, 12, NONE, FORWARD));
        all.put("ELBSecurityPolicy-FS-1-2-Res-2019-08", policy(12, 12, NONE, FORWARD_2));
        all.put("ELBSecurityPolicy-FS-1-2-Res-2020-10", policy(12, 12, NONE, RESTRICTED));
        all.put("ELBSecurityPolicy-TLS13-1-0-2021-06", policy(10, 13, ALL_13, USUAL));
        all.put("ELBSecurityPolicy-TLS13-1-1-2021-06", policy(11, 13, ALL_13, USUAL));
        all.put("ELBSecurityPolicy-TLS13-1-2-2021-06", policy(12, 13, ALL_13, FORWARD_2));
        all.put("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", policy(12, 13, ALL_13, RESTRICTED));
        all.put("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", policy(12, 13, ALL_13, SHA_2));
        all.put("ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", policy(12, 13, ALL_13, USUAL));
        all.put("ELBSecurityPolicy-TLS13-1-3-2021-06", policy(13, 13, ALL_13, EnumSet.noneOf(Family.class)));
        all.put("ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", policy(10, 13, AES, USUAL));
        all.put("ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04", policy(11, 13, AES, USUAL));
        all.put("ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04", policy(12, 13, AES, FORWARD_2));
        all.put("ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", policy(12, 13, AES, RESTRICTED));
        all.put("ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04", policy(12, 13, AES, FORWARD));
        all.put("ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04", policy(12, 13, AES, SHA_2));
        all.put("ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04", policy(12, 13, AES, USUAL));
        all.put("ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04", policy(13, 13, AES, EnumSet.noneOf(Family.class)));
        return all;
    }

    /// @param oldest the first version of TLS, as two digits
    private static TlsPolicy policy(int oldest, int newest, List<String> tls13, Set<Family> families) {
        List<String> ciphers = new ArrayList<>(tls13);
        ORDER.stream().filter(known -> families.contains(known.family())).map(Known::name).forEach(ciphers::add);
        List<String> versions = Stream.of(10, 11, 12, 13).filter(each -> each >= oldest && each <= newest)
                .map(each -> each == 10 ? "TLSv1" : "TLSv1." + each % 10).toList();
        return new TlsPolicy(versions, ciphers);
    }

    static boolean exists(String name) {
        return BY_NAME.containsKey(name);
    }

    static TlsPolicy policy(String name) {
        TlsPolicy policy = BY_NAME.get(name);
        if (policy == null) {
            throw new IllegalStateException("CreateListener let through the SSL policy " + name);
        }
        return policy;
    }

    private static SslPolicy shown(String name, TlsPolicy policy) {
        List<Cipher> ciphers = IntStream.range(0, policy.ciphers().size())
                .mapToObj(i -> Cipher.builder().name(policy.ciphers().get(i)).priority(i + 1).build()).toList();
        return SslPolicy.builder().name(name).sslProtocols(policy.versions()).ciphers(ciphers).supportedLoadBalancerTypes("application", "network")
                .build();
    }
}
