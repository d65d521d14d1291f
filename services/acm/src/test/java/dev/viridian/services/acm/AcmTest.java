package dev.viridian.services.acm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.aws.x509.TestCertificates;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.VirtualTime;
import dev.viridian.engine.work.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.acm.model.*;

class AcmTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private final VirtualTime time = new VirtualTime();
    private final SqliteStore store = SqliteStore.inMemory(ShapesMapper.create());
    private final Work work = new Work(store, time, Runnable::run);
    private final TestCertificates root = TestCertificates.authority(time.now());
    private final List<String> changes = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private final Acm acm = new Acm(store, work, time, new CertificateIssuer() {
        @Override
        public boolean vouchesFor(String name) {
            return name.endsWith(".localhost");
        }

        @Override
        public Issued issue(List<String> names, String keyAlgorithm) {
            TestCertificates leaf = root.leaf(keyAlgorithm, time.now(), time.now().plus(YEAR), names.toArray(String[]::new));
            return new Issued(leaf.pem(), root.pem(), leaf.keyPem());
        }
    }, new CertificateUsers() {
        @Override
        public List<String> of(String certificateArn) {
            return used.contains(certificateArn) ? List.of("arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1") : List.of();
        }

        @Override
        public void changed(String certificateArn) {
            changes.add(certificateArn);
        }
    });

    AcmTest() {
        work.start();
    }

    @AfterEach
    void close() {
        work.close();
        store.close();
    }

    @Test
    void an_imported_certificate_is_told_of_as_it_is_and_its_key_stays() {
        TestCertificates brought = TestCertificates.selfSigned("RSA_2048", time.now(), "www.example.com", "example.com");
        String arn = bring(brought, null);

        CertificateDetail detail = describe(arn);
        assertThat(arn).matches("arn:aws:acm:us-east-1:123456789012:certificate/[0-9a-f-]{36}");
        assertThat(detail.domainName()).isEqualTo("www.example.com");
        assertThat(detail.subjectAlternativeNames()).containsExactly("www.example.com", "example.com");
        assertThat(detail.status()).isEqualTo(CertificateStatus.ISSUED);
        assertThat(detail.type()).isEqualTo(CertificateType.IMPORTED);
        assertThat(detail.keyAlgorithmAsString()).as("with a hyphen here, and nowhere else").isEqualTo("RSA-2048");
        assertThat(call(a -> a.listCertificates(r -> {})).certificateSummaryList()).extracting(CertificateSummary::keyAlgorithmAsString)
                .containsExactly("RSA_2048");
        assertThat(detail.importedAt()).isEqualTo(time.now());
        assertThat(detail.issuedAt()).isNull();
        assertThat(detail.domainValidationOptions()).isEmpty();
        assertThat(detail.renewalEligibility()).isEqualTo(RenewalEligibility.INELIGIBLE);
        assertThat(call(a -> a.getCertificate(r -> r.certificateArn(arn))).certificate()).isEqualTo(brought.pem());
        assertThat(acm.served(arn).orElseThrow().keyPem()).isEqualTo(brought.keyPem());
        assertThatThrownBy(() -> call(a -> a.exportCertificate(r -> r.certificateArn(arn).passphrase(SdkBytes.fromUtf8String("secret")))))
                .isInstanceOf(ValidationException.class).hasMessage("Certificate ARN: " + arn + " is not a private certificate");
        assertThat(acm.served(arn).orElseThrow().toString()).doesNotContain("PRIVATE");
    }

    @Test
    void a_reimport_takes_the_place_of_what_was_there_and_its_users_hear_of_it() {
        String arn = bring(TestCertificates.selfSigned("EC_prime256v1", time.now(), "www.example.com"), null);
        call(a -> a.addTagsToCertificate(r -> r.certificateArn(arn).tags(t -> t.key("team").value("shop"))));
        changes.clear();
        TestCertificates renewed = root.leaf("EC_prime256v1", time.now(), time.now().plus(YEAR), "www.example.com", "new.example.com");

        assertThat(call(a -> a.importCertificate(r -> r.certificateArn(arn).certificate(bytes(renewed.pem())).privateKey(bytes(renewed.keyPem()))
                .certificateChain(bytes(root.pem())))).certificateArn()).isEqualTo(arn);

        assertThat(changes).containsExactly(arn);
        assertThat(describe(arn).subjectAlternativeNames()).contains("new.example.com");
        assertThat(acm.served(arn).orElseThrow()).isEqualTo(new CertificateIssuer.Issued(renewed.pem(), root.pem(), renewed.keyPem()));
        assertThat(call(a -> a.listTagsForCertificate(r -> r.certificateArn(arn))).tags()).hasSize(1);

        TestCertificates other = TestCertificates.selfSigned("RSA_2048", time.now(), "www.example.com");
        assertThatThrownBy(() -> call(a -> a.importCertificate(r -> r.certificateArn(arn).certificate(bytes(other.pem()))
                .privateKey(bytes(other.keyPem()))))).isInstanceOf(ValidationException.class).hasMessageContaining("key algorithm");
        assertThatThrownBy(() -> call(a -> a.importCertificate(r -> r.certificateArn(arn).certificate(bytes(renewed.pem()))
                .privateKey(bytes(renewed.keyPem())).tags(t -> t.key("a").value("b"))))).isInstanceOf(ValidationException.class);
        assertThat(acm.served(arn).orElseThrow().certificatePem()).isEqualTo(renewed.pem());
    }

    /// A guess: nothing published shows how AWS spells them here.
    @Test
    void elliptic_curves_are_spelled_alike_everywhere() {
        String arn = bring(TestCertificates.selfSigned("EC_prime256v1", time.now(), "www.example.com"), null);

        assertThat(describe(arn).keyAlgorithmAsString()).isEqualTo("EC_prime256v1");
    }

    @Test
    void a_flawed_import_is_refused_in_awss_words_and_changes_nothing() {
        TestCertificates one = TestCertificates.selfSigned("EC_prime256v1", time.now(), "www.example.com");
        refusal("The certificate field contains more than one certificate. You can specify only one certificate in this field.",
                one.pem() + root.pem(), one.keyPem(), null);
        refusal("Could not validate the certificate with the certificate chain.", one.pem(), one.keyPem(), root.pem());
        TestCertificates below = root.leaf("EC_prime256v1", time.now(), time.now().plus(YEAR), "www.example.com");
        refusal("Provided certificate is not a valid self signed. Please provide either a valid self-signed certificate or certificate chain.",
                below.pem(), below.keyPem(), null);
        refusal("The certificate is not PEM-encoded or is not valid.", "nonsense", one.keyPem(), null);
        refusal("The private key is not PEM-encoded or is not valid.", one.pem(), "nonsense", null);
        assertThat(call(a -> a.listCertificates(r -> r.includes(f -> f.keyTypes(KeyAlgorithm.EC_PRIME256_V1)))).certificateSummaryList()).isEmpty();
    }

    @Test
    void a_request_for_names_that_need_no_proof_is_issued_at_once_by_our_authority() throws Exception {
        String arn = request("shop.localhost", "*.shop.localhost");

        CertificateDetail detail = describe(arn);
        assertThat(detail.status()).isEqualTo(CertificateStatus.ISSUED);
        assertThat(detail.type()).isEqualTo(CertificateType.AMAZON_ISSUED);
        assertThat(detail.keyAlgorithmAsString()).isEqualTo("RSA-2048");
        assertThat(detail.domainValidationOptions()).extracting(DomainValidation::validationStatus).containsOnly(DomainStatus.SUCCESS);
        assertThat(acm.served(arn).orElseThrow().chainPem()).isEqualTo(root.pem());
    }

    @Test
    void a_request_for_names_nobody_proved_stays_pending_and_times_out_after_three_days() {
        String arn = request("www.example.com", "*.www.example.com");

        CertificateDetail detail = describe(arn);
        assertThat(detail.status()).isEqualTo(CertificateStatus.PENDING_VALIDATION);
        assertThat(detail.subject()).isEqualTo("CN=www.example.com");
        assertThat(detail.issuer()).isEqualTo("Amazon");
        assertThat(detail.signatureAlgorithm()).isEqualTo("SHA256WITHRSA");
        assertThat(detail.serial()).isNull();
        assertThat(detail.domainValidationOptions()).extracting(each -> each.resourceRecord().type()).containsOnly(RecordType.CNAME);
        assertThat(detail.domainValidationOptions().stream().map(DomainValidation::resourceRecord).distinct())
                .as("a name and its wildcard are proved by one record").hasSize(1);
        assertThat(detail.domainValidationOptions().getFirst().resourceRecord().name()).matches("_[0-9a-f]{32}\\.www\\.example\\.com\\.");
        assertThat(acm.has(arn)).isTrue();
        assertThat(acm.served(arn)).isEmpty();
        assertThatThrownBy(() -> call(a -> a.getCertificate(r -> r.certificateArn(arn)))).isInstanceOf(RequestInProgressException.class);

        time.advance(Duration.ofHours(71));
        assertThat(describe(arn).status()).isEqualTo(CertificateStatus.PENDING_VALIDATION);
        time.advance(Duration.ofHours(2));
        assertThat(describe(arn).status()).isEqualTo(CertificateStatus.VALIDATION_TIMED_OUT);
    }

    @Test
    void nobody_gets_a_certificate_for_awss_names() {
        CertificateDetail detail = describe(request("s3.us-east-1.amazonaws.com"));

        assertThat(detail.status()).isEqualTo(CertificateStatus.FAILED);
        assertThat(detail.failureReason()).isEqualTo(FailureReason.DOMAIN_NOT_ALLOWED);
    }

    @Test
    void a_repeated_request_with_the_same_token_is_the_same_request_for_an_hour() {
        Function<Acm, String> request = a -> a.requestCertificate(r -> r.domainName("a.localhost").idempotencyToken("t1")).certificateArn();
        String first = call(request);

        String second = call(request);
        String other = call(a -> a.requestCertificate(r -> r.domainName("b.localhost").idempotencyToken("t1"))).certificateArn();
        assertThat(second).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        String third = call(a -> a.requestCertificate(r -> r.domainName("c.localhost").idempotencyToken("t2"))).certificateArn();
        time.advance(Duration.ofMinutes(61));
        String late = call(a -> a.requestCertificate(r -> r.domainName("c.localhost").idempotencyToken("t2"))).certificateArn();
        assertThat(late).isNotEqualTo(third);
    }

    @Test
    void what_is_not_here_says_so() {
        assertThatThrownBy(() -> call(a -> a.requestCertificate(r -> r.domainName("a.localhost")
                .certificateAuthorityArn("arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/1"))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> call(a -> a.requestCertificate(r -> r.domainName("www.example.com").validationMethod("EMAIL"))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> call(a -> a.resendValidationEmail(r -> r.certificateArn("arn").domain("a.b").validationDomain("a.b"))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> call(a -> a.putAccountConfiguration(r -> r.idempotencyToken("t").expiryEvents(e -> e.daysBeforeExpiry(10)))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(call(a -> a.getAccountConfiguration(r -> { })).expiryEvents().daysBeforeExpiry()).isEqualTo(45);
    }

    @Test
    void a_certificate_in_use_cannot_be_deleted_and_one_that_is_not_is_gone_with_its_key() {
        String arn = request("a.localhost");
        used.add(arn);

        assertThat(describe(arn).inUseBy()).hasSize(1);
        assertThatThrownBy(() -> call(a -> a.deleteCertificate(r -> r.certificateArn(arn)))).isInstanceOf(ResourceInUseException.class)
                .hasMessage("Certificate " + arn + " in account 123456789012 is in use.");
        used.clear();
        call(a -> a.deleteCertificate(r -> r.certificateArn(arn)));
        assertThat(acm.served(arn)).isEmpty();
        assertThat(store.table("acm.private-keys", Object.class).rows("")).isEmpty();
        assertThatThrownBy(() -> describe(arn)).isInstanceOf(ResourceNotFoundException.class).hasMessageContaining(arn);
    }

    @Test
    void others_accounts_certificates_are_not_there() {
        String arn = request("a.localhost");
        Caller stranger = new Caller("999999999999", "us-east-1", new Principal.Root("999999999999"), "r");

        assertThatThrownBy(() -> Caller.get(stranger, () -> acm.describeCertificate(r -> r.certificateArn(arn))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(Caller.get(stranger, () -> acm.listCertificates()).certificateSummaryList()).isEmpty();
    }

    @Test
    void only_an_exportable_certificate_is_exported_and_only_under_the_passphrase() throws Exception {
        String arn = call(a -> a.requestCertificate(r -> r.domainName("a.localhost").options(o -> o.export(CertificateExport.ENABLED))))
                .certificateArn();

        ExportCertificateResponse exported = call(a -> a.exportCertificate(r -> r.certificateArn(arn).passphrase(SdkBytes.fromUtf8String("secret"))));

        assertThat(exported.certificate()).isEqualTo(acm.served(arn).orElseThrow().certificatePem());
        var encrypted = new javax.crypto.EncryptedPrivateKeyInfo(java.util.Base64.getMimeDecoder()
                .decode(exported.privateKey().replaceAll("-----[A-Z ]+-----", "")));
        var secret = javax.crypto.SecretKeyFactory.getInstance("PBEWithHmacSHA256AndAES_256")
                .generateSecret(new javax.crypto.spec.PBEKeySpec("secret".toCharArray()));
        var cipher = javax.crypto.Cipher.getInstance("PBEWithHmacSHA256AndAES_256");
        cipher.init(javax.crypto.Cipher.DECRYPT_MODE, secret, encrypted.getAlgParameters());
        assertThat(acm.served(arn).orElseThrow().keyPem()).contains(java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(cipher.doFinal(encrypted.getEncryptedData())));
        assertThat(call(a -> a.listCertificates(r -> r.includes(f -> f.exportOption(CertificateExport.ENABLED)))).certificateSummaryList())
                .singleElement().satisfies(summary -> assertThat(summary.exported()).isTrue());
    }

    @Test
    void a_certificate_in_use_is_issued_anew_before_it_expires_and_one_that_is_not_expires() {
        String served = request("a.localhost");
        String idle = request("b.localhost");
        used.add(served);
        String before = acm.served(served).orElseThrow().certificatePem();

        time.advance(YEAR.minusDays(61));
        assertThat(acm.served(served).orElseThrow().certificatePem()).isEqualTo(before);
        changes.clear();
        time.advance(Duration.ofDays(2));

        assertThat(changes).containsExactly(served);
        assertThat(acm.served(served).orElseThrow().certificatePem()).isNotEqualTo(before);
        assertThat(describe(served).renewalSummary().renewalStatus()).isEqualTo(RenewalStatus.SUCCESS);
        time.advance(Duration.ofDays(70));
        assertThat(describe(served).status()).isEqualTo(CertificateStatus.ISSUED);
        assertThat(describe(idle).status()).isEqualTo(CertificateStatus.EXPIRED);
    }

    @Test
    void lists_show_short_rsa_keys_unless_asked_and_come_in_pages() {
        String rsa = bring(TestCertificates.selfSigned("RSA_2048", time.now(), "rsa.example.com"), null);
        String ec = bring(TestCertificates.selfSigned("EC_prime256v1", time.now(), "ec.example.com"), null);
        time.advance(Duration.ofSeconds(1));
        String pending = request("www.example.com");

        assertThat(arns(call(a -> a.listCertificates()))).containsExactly(rsa, pending);
        assertThat(arns(call(a -> a.listCertificates(r -> r.includes(f -> f.keyTypes(KeyAlgorithm.EC_PRIME256_V1)))))).containsExactly(ec);
        assertThat(arns(call(a -> a.listCertificates(r -> r.certificateStatuses(CertificateStatus.PENDING_VALIDATION))))).containsExactly(pending);
        assertThat(arns(call(a -> a.listCertificates(r -> r.sortBy(SortBy.CREATED_AT).sortOrder(SortOrder.DESCENDING))))).containsExactly(pending, rsa);
        ListCertificatesResponse first = call(a -> a.listCertificates(r -> r.maxItems(1)));
        assertThat(arns(first)).containsExactly(rsa);
        ListCertificatesResponse second = call(a -> a.listCertificates(r -> r.maxItems(1).nextToken(first.nextToken())));
        assertThat(arns(second)).containsExactly(pending);
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> call(a -> a.listCertificates(r -> r.nextToken("?")))).isInstanceOf(ValidationException.class);
    }

    @Test
    void tags_come_and_go_and_fifty_are_enough() {
        String arn = request("a.localhost");
        call(a -> a.addTagsToCertificate(r -> r.certificateArn(arn).tags(t -> t.key("a").value("1"), t -> t.key("b").value("2"))));
        call(a -> a.removeTagsFromCertificate(r -> r.certificateArn(arn).tags(t -> t.key("a").value("other"), t -> t.key("b"))));

        assertThat(call(a -> a.listTagsForCertificate(r -> r.certificateArn(arn))).tags()).containsExactly(Tag.builder().key("a").value("1").build());
        List<Tag> many = java.util.stream.IntStream.range(0, 50).mapToObj(i -> Tag.builder().key("k" + i).build()).toList();
        assertThatThrownBy(() -> call(a -> a.addTagsToCertificate(r -> r.certificateArn(arn).tags(many)))).isInstanceOf(TooManyTagsException.class);
        assertThatThrownBy(() -> call(a -> a.addTagsToCertificate(r -> r.certificateArn(arn).tags(t -> t.key("aws:x")))))
                .isInstanceOf(ValidationException.class);
    }

    private String bring(TestCertificates brought, String chain) {
        return call(a -> a.importCertificate(r -> r.certificate(bytes(brought.pem())).privateKey(bytes(brought.traditionalKeyPem()))
                .certificateChain(chain == null ? null : bytes(chain)))).certificateArn();
    }

    private void refusal(String message, String certificate, String key, String chain) {
        assertThatThrownBy(() -> call(a -> a.importCertificate(r -> r.certificate(bytes(certificate)).privateKey(bytes(key))
                .certificateChain(chain == null ? null : bytes(chain))))).isInstanceOf(ValidationException.class).hasMessage(message);
    }

    private String request(String name, String... others) {
        return call(a -> a.requestCertificate(r -> r.domainName(name).subjectAlternativeNames(others).validationMethod(ValidationMethod.DNS)))
                .certificateArn();
    }

    private CertificateDetail describe(String arn) {
        return call(a -> a.describeCertificate(r -> r.certificateArn(arn))).certificate();
    }

    private static List<String> arns(ListCertificatesResponse response) {
        return response.certificateSummaryList().stream().map(CertificateSummary::certificateArn).toList();
    }

    private static SdkBytes bytes(String text) {
        return SdkBytes.fromUtf8String(text);
    }

    private <R> R call(Function<Acm, R> operation) {
        return Caller.get(new Caller("123456789012", "us-east-1", new Principal.Root("123456789012"), "request"), () -> operation.apply(acm));
    }
}
