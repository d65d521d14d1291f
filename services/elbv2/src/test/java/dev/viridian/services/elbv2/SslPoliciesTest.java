package dev.viridian.services.elbv2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

class SslPoliciesTest {
    private final World world = new World(new VirtualTime(), Runnable::run);

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest(name = "{0} speaks {1} with {2} ciphers from {3} to {4}")
    @CsvSource(delimiter = '|', textBlock = """
            ELBSecurityPolicy-2016-08                    | TLSv1 TLSv1.1 TLSv1.2         | 18 | ECDHE-ECDSA-AES128-GCM-SHA256 | AES256-SHA
            ELBSecurityPolicy-TLS-1-0-2015-04            | TLSv1 TLSv1.1 TLSv1.2         | 19 | ECDHE-ECDSA-AES128-GCM-SHA256 | DES-CBC3-SHA
            ELBSecurityPolicy-TLS-1-1-2017-01            | TLSv1.1 TLSv1.2               | 18 | ECDHE-ECDSA-AES128-GCM-SHA256 | AES256-SHA
            ELBSecurityPolicy-TLS-1-2-2017-01            | TLSv1.2                       | 12 | ECDHE-ECDSA-AES128-GCM-SHA256 | AES256-SHA256
            ELBSecurityPolicy-FS-1-2-Res-2020-10         | TLSv1.2                       | 4  | ECDHE-ECDSA-AES128-GCM-SHA256 | ECDHE-RSA-AES256-GCM-SHA384
            ELBSecurityPolicy-FS-2018-06                 | TLSv1 TLSv1.1 TLSv1.2         | 12 | ECDHE-ECDSA-AES128-GCM-SHA256 | ECDHE-ECDSA-AES256-SHA
            ELBSecurityPolicy-TLS13-1-0-2021-06          | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 | 21 | TLS_AES_128_GCM_SHA256        | AES256-SHA
            ELBSecurityPolicy-TLS13-1-2-2021-06          | TLSv1.2 TLSv1.3               | 11 | TLS_AES_128_GCM_SHA256        | ECDHE-RSA-AES256-SHA384
            ELBSecurityPolicy-TLS13-1-2-Res-2021-06      | TLSv1.2 TLSv1.3               | 7  | TLS_AES_128_GCM_SHA256        | ECDHE-RSA-AES256-GCM-SHA384
            ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06     | TLSv1.2 TLSv1.3               | 15 | TLS_AES_128_GCM_SHA256        | AES256-SHA256
            ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04 | TLSv1.2 TLSv1.3               | 6  | TLS_AES_128_GCM_SHA256        | ECDHE-RSA-AES256-GCM-SHA384
            ELBSecurityPolicy-TLS13-1-3-2021-06          | TLSv1.3                       | 3  | TLS_AES_128_GCM_SHA256        | TLS_CHACHA20_POLY1305_SHA256
            """)
    void a_policy_is_as_aws_documents_it(String name, String versions, int ciphers, String first, String last) {
        SslPolicy policy = world.call(e -> e.describeSSLPolicies(r -> r.names(name))).sslPolicies().getFirst();

        assertThat(policy.sslProtocols()).containsExactly(versions.split(" "));
        assertThat(policy.ciphers()).hasSize(ciphers);
        assertThat(policy.ciphers().getFirst()).isEqualTo(Cipher.builder().name(first).priority(1).build());
        assertThat(policy.ciphers().getLast()).isEqualTo(Cipher.builder().name(last).priority(ciphers).build());
    }

    @Test
    void policies_come_by_name_and_in_pages() {
        List<SslPolicy> all = world.call(e -> e.describeSSLPolicies(r -> { })).sslPolicies();
        assertThat(all).hasSize(25).extracting(SslPolicy::name).doesNotHaveDuplicates();
        DescribeSslPoliciesResponse page = world.call(e -> e.describeSSLPolicies(r -> r.pageSize(20)));
        assertThat(world.call(e -> e.describeSSLPolicies(r -> r.pageSize(20).marker(page.nextMarker()))).sslPolicies()).hasSize(5);
        assertThatThrownBy(() -> world.call(e -> e.describeSSLPolicies(r -> r.names("ELBSecurityPolicy-none"))))
                .isInstanceOf(SslPolicyNotFoundException.class);
    }
}
