package dev.viridian.aws.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCertificateTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final TestCertificates ROOT = TestCertificates.authority(NOW);
    private static final TestCertificates MIDDLE = ROOT.intermediate(NOW);
    private static final TestCertificates LEAF = MIDDLE.leaf("EC_prime256v1", NOW.minusSeconds(60), NOW.plus(Duration.ofDays(30)), "shop.test", "*.shop.test");
    private static final TestCertificates SELF = TestCertificates.selfSigned("RSA_2048", NOW, "self.test");

    @ParameterizedTest
    @ValueSource(strings = {"RSA_1024", "RSA_2048", "RSA_3072", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"})
    void keys_of_every_kind_are_read_in_the_old_form_and_the_new(String algorithm) {
        TestCertificates made = TestCertificates.selfSigned(algorithm, NOW, "a.test");

        ServerCertificate fromNew = ServerCertificate.read(made.pem(), null, made.keyPem(), NOW);
        ServerCertificate fromOld = ServerCertificate.read(made.pem(), "", made.traditionalKeyPem(), NOW);

        assertThat(CertificateFacts.of(fromNew.leaf()).keyAlgorithm()).isEqualTo(algorithm);
        assertThat(fromNew.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n").isEqualTo(made.keyPem());
        assertThat(ServerCertificate.read(fromOld.certificatePem(), null, fromOld.keyPem(), NOW).leaf()).isEqualTo(made.certificate());
    }

    @Test
    void a_chain_is_taken_in_the_order_of_its_signatures_with_or_without_its_root() {
        assertThat(read(LEAF.pem(), MIDDLE.pem(), LEAF.keyPem()).chain()).containsExactly(MIDDLE.certificate());
        assertThat(read(LEAF.pem(), MIDDLE.pem() + ROOT.pem(), LEAF.keyPem()).chain()).hasSize(2);
        assertThat(read("subject=shop\n" + LEAF.pem() + "\n", "two of them:\n" + MIDDLE.pem() + "\n" + ROOT.pem(), LEAF.keyPem()).chainPem())
                .isEqualTo(MIDDLE.pem().replace("\r", "") + ROOT.pem().replace("\r", ""));
    }

    @Test
    void whatever_does_not_belong_together_is_refused_by_name() {
        refused(Flaw.CERTIFICATE_UNREADABLE, "nonsense", null, SELF.keyPem());
        refused(Flaw.CERTIFICATE_UNREADABLE, SELF.keyPem(), null, SELF.keyPem());
        refused(Flaw.CERTIFICATE_UNREADABLE, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", null, SELF.keyPem());
        refused(Flaw.MORE_THAN_ONE_CERTIFICATE, LEAF.pem() + MIDDLE.pem(), null, LEAF.keyPem());
        refused(Flaw.CHAIN_UNREADABLE, LEAF.pem(), "nonsense", LEAF.keyPem());
        refused(Flaw.CHAIN_BROKEN, LEAF.pem(), ROOT.pem() + MIDDLE.pem(), LEAF.keyPem());
        refused(Flaw.CHAIN_BROKEN, LEAF.pem(), ROOT.pem(), LEAF.keyPem());
        refused(Flaw.CHAIN_BROKEN, LEAF.pem(), LEAF.pem() + MIDDLE.pem(), LEAF.keyPem());
        refused(Flaw.KEY_UNREADABLE, SELF.pem(), null, "nonsense");
        refused(Flaw.KEY_UNREADABLE, SELF.pem(), null, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        refused(Flaw.KEY_ENCRYPTED, SELF.pem(), null, SELF.encryptedKeyPem());
        refused(Flaw.KEY_ENCRYPTED, SELF.pem(), null, SELF.traditionalKeyPem().replaceFirst("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n\n"));
        refused(Flaw.KEY_OF_ANOTHER_CERTIFICATE, SELF.pem(), null, LEAF.keyPem());
        refused(Flaw.KEY_OF_ANOTHER_CERTIFICATE, SELF.pem(), null, TestCertificates.selfSigned("RSA_2048", NOW, "b.test").keyPem());
        refused(Flaw.KEY_OF_ANOTHER_CERTIFICATE, LEAF.pem(), MIDDLE.pem(), SELF.traditionalKeyPem());
    }

    @Test
    void a_certificate_says_who_signed_it_by_its_chain_or_because_it_did_itself() {
        assertThat(read(SELF.pem(), null, SELF.keyPem()).withItsSigner().chain()).isEmpty();
        assertThat(read(LEAF.pem(), MIDDLE.pem(), LEAF.keyPem()).withItsSigner().chain()).hasSize(1);
        ServerCertificate alone = read(LEAF.pem(), null, LEAF.keyPem());
        assertThatThrownBy(alone::withItsSigner).isInstanceOfSatisfying(FlawedCertificate.class,
                refusal -> assertThat(refusal.flaw()).isEqualTo(Flaw.CHAIN_MISSING));
    }

    @Test
    void only_kinds_of_keys_that_aws_takes_are_taken() {
        TestCertificates odd = TestCertificates.selfSigned("RSA_1536", NOW, "a.test");

        refused(Flaw.KEY_UNSUPPORTED, odd.pem(), null, odd.keyPem());
    }

    @Test
    void a_certificate_is_taken_only_while_it_is_valid() {
        Instant from = NOW.minus(Duration.ofDays(2));
        TestCertificates old = MIDDLE.leaf("EC_prime256v1", from, NOW.minusSeconds(1), "a.test");
        TestCertificates early = MIDDLE.leaf("EC_prime256v1", NOW.plusSeconds(2), NOW.plus(Duration.ofDays(2)), "a.test");

        refused(Flaw.EXPIRED, old.pem(), MIDDLE.pem(), old.keyPem());
        refused(Flaw.NOT_YET_VALID, early.pem(), MIDDLE.pem(), early.keyPem());
    }

    @Test
    void nothing_about_the_key_is_ever_printed() {
        ServerCertificate read = read(SELF.pem(), null, SELF.keyPem());

        assertThat(read.toString()).isEqualTo("certificate of CN=self.test");
        assertThatThrownBy(() -> read(SELF.pem(), null, LEAF.keyPem())).message().doesNotContain(LEAF.keyPem().substring(40, 60));
    }

    @Test
    void what_aws_tells_of_a_certificate_is_read_out_of_it() {
        CertificateFacts facts = CertificateFacts.of(LEAF.pem());

        assertThat(facts.domainName()).isEqualTo("shop.test");
        assertThat(facts.names()).containsExactly("shop.test", "*.shop.test");
        assertThat(facts.issuer()).isEqualTo("Test");
        assertThat(facts.subject()).isEqualTo("CN=shop.test");
        assertThat(facts.serial()).isEqualTo("01:23:45:67:89:0a:bc");
        assertThat(facts.signatureAlgorithm()).isEqualTo("SHA256WITHECDSA");
        assertThat(facts.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(30)));
    }

    private static ServerCertificate read(String certificate, @Nullable String chain, String key) {
        return ServerCertificate.read(certificate, chain, key, NOW);
    }

    private static void refused(Flaw flaw, String certificate, @Nullable String chain, String key) {
        assertThatThrownBy(() -> read(certificate, chain, key)).isInstanceOfSatisfying(FlawedCertificate.class,
                refusal -> assertThat(refusal.flaw()).isEqualTo(flaw));
    }
}
