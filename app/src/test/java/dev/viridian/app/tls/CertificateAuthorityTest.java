package dev.viridian.app.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void it_vouches_for_the_names_we_stand_in_for() {
        CertificateAuthority authority = CertificateAuthority.in(folder, NOW);

        assertThatCode(() -> validate(authority.issue(List.of("api.ecr.us-east-1.amazonaws.com", "127.0.0.1"), NOW))).doesNotThrowAnyException();
    }

    @Test
    void whoever_trusts_it_is_safe_from_certificates_for_other_names() {
        CertificateAuthority authority = CertificateAuthority.in(folder, NOW);

        assertThatThrownBy(() -> validate(authority.issue(List.of("bank.example"), NOW))).isInstanceOf(NameConstraintValidatorException.class);
    }

    @Test
    void the_next_start_finds_the_same_authority_and_can_sign_with_it() throws Exception {
        String first = CertificateAuthority.in(folder, NOW).pem();
        CertificateAuthority again = CertificateAuthority.in(folder, NOW.plusSeconds(60));

        assertThat(again.pem()).isEqualTo(first);
        assertThatCode(() -> validate(again.issue(List.of("localhost"), NOW))).doesNotThrowAnyException();
    }

    @Test
    void only_the_owner_can_read_the_key() throws Exception {
        CertificateAuthority.in(folder, NOW);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca-key.pem")))).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not Base64!", "bm8ga2V5"})
    void a_key_that_cannot_be_read_is_named(String text) throws Exception {
        CertificateAuthority.in(folder, NOW);
        Path key = folder.resolve("ca-key.pem");
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> CertificateAuthority.in(folder, NOW)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(key + " holds no private key");
    }

    /// The signature, and the authority's name constraints for every name of the certificate: what a browser or curl would look at.
    private static void validate(CertificateAuthority.Issued issued) throws Exception {
        X509Certificate authority = issued.chain().getLast();
        issued.chain().getFirst().verify(authority.getPublicKey());
        NameConstraints constraints = NameConstraints.getInstance(ASN1OctetString.getInstance(authority.getExtensionValue("2.5.29.30")).getOctets());
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
        for (GeneralName name : GeneralNames.getInstance(ASN1OctetString.getInstance(issued.chain().getFirst().getExtensionValue("2.5.29.17")).getOctets()).getNames()) {
            validator.checkPermitted(name);
        }
    }
}
