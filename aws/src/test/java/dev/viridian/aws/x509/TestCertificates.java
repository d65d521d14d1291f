package dev.viridian.aws.x509;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate for tests, with its key, in the forms people have them.
public record TestCertificates(X509Certificate certificate, KeyPair keys) {

    /// Signed by itself, valid around `now`.
    public static TestCertificates selfSigned(String keyAlgorithm, Instant now, String... names) {
        KeyPair keys = keys(keyAlgorithm);
        return new TestCertificates(certificate(keys, keys, "CN=" + names[0], new X500Principal("CN=" + names[0]), false, now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(90)), names), keys);
    }

    public static TestCertificates authority(Instant now) {
        KeyPair keys = keys("EC_prime256v1");
        return new TestCertificates(certificate(keys, keys, "CN=Test root,O=Test", new X500Principal("CN=Test root,O=Test"), true, now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(900))), keys);
    }

    /// An authority below this one.
    public TestCertificates intermediate(Instant now) {
        KeyPair below = keys("EC_prime256v1");
        return new TestCertificates(certificate(below, keys, "CN=Test intermediate,O=Test", certificate.getSubjectX500Principal(), true,
                now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(400))), below);
    }

    /// A server's certificate below this authority.
    public TestCertificates leaf(String keyAlgorithm, Instant from, Instant to, String... names) {
        KeyPair below = keys(keyAlgorithm);
        return new TestCertificates(certificate(below, keys, "CN=" + names[0], certificate.getSubjectX500Principal(), false, from, to,
                names), below);
    }

    public static KeyPair keys(String algorithm) {
        try {
            if (algorithm.startsWith("RSA_")) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(Integer.parseInt(algorithm.substring(4)));
                return generator.generateKeyPair();
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(algorithm.substring(3).replace("prime256v1", "secp256r1")));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(KeyPair keys, KeyPair signer, String subject, X500Principal issuer, boolean authority, Instant from, Instant to,
            String... names) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer, BigInteger.valueOf(0x1234567890abcL),
                    Date.from(from), Date.from(to), new X500Principal(subject), keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(Arrays.stream(names)
                        .map(name -> new GeneralName(GeneralName.dNSName, name)).toArray(GeneralName[]::new)));
            }
            String algorithm = signer.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    public String pem() {
        return written(certificate);
    }

    /// PKCS#8.
    public String keyPem() {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /// As OpenSSL wrote keys before PKCS#8: PKCS#1 for RSA, SEC 1 for EC.
    public String traditionalKeyPem() {
        return written(keys);
    }

    /// Only its label says that it is encrypted, which is all that is looked at.
    public String encryptedKeyPem() {
        return keyPem().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    }

    private static String written(Object thing) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(thing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
