package dev.viridian.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.aws.x509.TestCertificates;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.VirtualTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.ListServerCertificatesResponse;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.Tag;

class ServerCertificatesTest {
    private static final String ARN = "arn:aws:iam::111122223333:server-certificate/";
    private final VirtualTime time = new VirtualTime();
    private final SqliteStore store = SqliteStore.inMemory(ShapesMapper.create());
    private final Set<String> used = new HashSet<>();
    private final Iam iam = new Iam(store, time, IamWorld.ACCOUNT, arn -> used.contains(arn) ? List.of("arn:aws:elb:lb/web") : List.of());
    private final TestCertificates one = TestCertificates.selfSigned("EC_prime256v1", time.now(), "one.example.com");
    private final TestCertificates authority = TestCertificates.authority(time.now());

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void an_uploaded_certificate_comes_back_without_its_key_and_is_served_with_it() {
        ServerCertificateMetadata metadata = as(() -> iam.uploadServerCertificate(r -> r.serverCertificateName("one").path("/web/")
                .certificateBody(one.pem()).privateKey(one.traditionalKeyPem()).tags(t -> t.key("team").value("shop")))).serverCertificateMetadata();

        assertThat(metadata.arn()).isEqualTo(ARN + "web/one");
        assertThat(metadata.serverCertificateId()).startsWith("ASCA").hasSize(21);
        assertThat(metadata.expiration()).isEqualTo(time.now().plus(Duration.ofDays(90)));
        var found = as(() -> iam.getServerCertificate(r -> r.serverCertificateName("one"))).serverCertificate();
        assertThat(found.certificateBody()).isEqualTo(one.pem());
        assertThat(found.certificateChain()).isNull();
        assertThat(found.toString()).doesNotContain("PRIVATE");
        assertThat(iam.serverCertificate(ARN + "web/one")).contains(new ServedCertificate(one.pem(), one.keyPem()));
        assertThat(iam.serverCertificate(ARN + "web/one").toString()).doesNotContain("PRIVATE");
        refused("EntityAlreadyExists", () -> upload("ONE")).hasMessageContaining("The Server Certificate with name ONE already exists.");
        refused("NoSuchEntity", () -> iam.getServerCertificate(r -> r.serverCertificateName("two")))
                .hasMessageContaining("The Server Certificate with name two cannot be found.");
    }

    @Test
    void what_does_not_belong_together_is_refused_in_iams_words() {
        refused("MalformedCertificate", () -> iam.uploadServerCertificate(r -> r.serverCertificateName("x").certificateBody("nonsense")
                .privateKey(one.keyPem()))).hasMessageContaining("Unable to parse certificate. Please ensure the certificate is in PEM format.");
        refused("MalformedCertificate", () -> iam.uploadServerCertificate(r -> r.serverCertificateName("x").certificateBody(one.pem())
                .certificateChain(authority.pem()).privateKey(one.keyPem()))).hasMessageContaining("Unable to validate certificate chain.");
        refused("KeyPairMismatch", () -> iam.uploadServerCertificate(r -> r.serverCertificateName("x").certificateBody(one.pem())
                .privateKey(authority.keyPem())));
        assertThat(as(() -> iam.listServerCertificates(r -> { })).serverCertificateMetadataList()).isEmpty();
    }

    @Test
    void a_certificate_of_an_authority_may_come_without_its_chain() {
        TestCertificates leaf = authority.leaf("EC_prime256v1", time.now(), time.now().plus(Duration.ofDays(9)), "leaf.example.com");
        as(() -> iam.uploadServerCertificate(r -> r.serverCertificateName("bare").certificateBody(leaf.pem()).privateKey(leaf.keyPem())));
        as(() -> iam.uploadServerCertificate(r -> r.serverCertificateName("whole").certificateBody(leaf.pem()).certificateChain(authority.pem())
                .privateKey(leaf.keyPem())));

        assertThat(iam.serverCertificate(ARN + "bare").orElseThrow().chainPem()).isEqualTo(leaf.pem());
        assertThat(iam.serverCertificate(ARN + "whole").orElseThrow().chainPem()).isEqualTo(leaf.pem() + authority.pem());
    }

    @Test
    void a_certificate_in_use_cannot_be_deleted_under_any_of_its_names() {
        upload("one");
        used.add(ARN + "one");
        String id = as(() -> iam.getServerCertificate(r -> r.serverCertificateName("one"))).serverCertificate().serverCertificateMetadata()
                .serverCertificateId();
        as(() -> iam.updateServerCertificate(r -> r.serverCertificateName("one").newServerCertificateName("two").newPath("/web/")));

        assertThat(iam.serverCertificate(ARN + "web/two")).isPresent();
        assertThat(iam.serverCertificate(ARN + "one")).as("listeners that know it by its old name").isPresent();
        refused("DeleteConflict", () -> iam.deleteServerCertificate(r -> r.serverCertificateName("two"))).hasMessageContaining("Certificate: " + id
                + " is currently in use by arn:aws:elb:lb/web. Please remove it first before deleting it from IAM.");
        used.clear();
        as(() -> iam.deleteServerCertificate(r -> r.serverCertificateName("two")));
        assertThat(iam.serverCertificate(ARN + "one")).isEmpty();
        assertThat(store.table("iam.server-certificate-keys", Object.class).rows("")).isEmpty();
    }

    @Test
    void lists_come_by_path_and_in_pages_and_twenty_are_enough() {
        for (int i = 10; i < 30; i++) {
            upload("c" + i);
        }
        refused("LimitExceeded", () -> upload("more")).hasMessageContaining("Cannot exceed quota for ServerCertificatesPerAccount: 20");
        ListServerCertificatesResponse first = as(() -> iam.listServerCertificates(r -> r.maxItems(15)));
        assertThat(first.isTruncated()).isTrue();
        assertThat(as(() -> iam.listServerCertificates(r -> r.marker(first.marker()))).serverCertificateMetadataList()).hasSize(5);
        assertThat(as(() -> iam.listServerCertificates(r -> r.pathPrefix("/cloudfront/"))).serverCertificateMetadataList()).isEmpty();
    }

    @Test
    void tags_come_and_go() {
        upload("one");
        as(() -> iam.tagServerCertificate(r -> r.serverCertificateName("one").tags(t -> t.key("a").value("1"), t -> t.key("b").value("2"))));
        as(() -> iam.untagServerCertificate(r -> r.serverCertificateName("one").tagKeys("b")));

        assertThat(as(() -> iam.listServerCertificateTags(r -> r.serverCertificateName("one"))).tags())
                .containsExactly(Tag.builder().key("a").value("1").build());
    }

    private Object upload(String name) {
        return as(() -> iam.uploadServerCertificate(r -> r.serverCertificateName(name).certificateBody(one.pem()).privateKey(one.keyPem())));
    }

    private static <R> R as(Supplier<R> call) {
        return Caller.get(IamWorld.caller(new Principal.Root(IamWorld.ACCOUNT)), call);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(String code, Supplier<?> call) {
        return Assertions.assertThatThrownBy(() -> as(call)).isInstanceOfSatisfying(AwsServiceException.class,
                e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }
}
