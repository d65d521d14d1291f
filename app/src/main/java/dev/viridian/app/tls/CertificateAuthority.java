package dev.viridian.app.tls;

import dev.viridian.aws.x509.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Signs certificates for the names Viridian answers to, and for no others: whoever trusts it need not fear that it vouches for their bank.
public final class CertificateAuthority {
    /// AWS's names, the registry mirror's, and our own.
    private static final List<String> PERMITTED = List.of("amazonaws.com", "public.ecr.aws", "localhost", "viridian.internal", "host.docker.internal");
    /// Loopback and the private ranges container networks use, as address/mask.
    private static final List<String> PERMITTED_NETWORKS = List.of("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(397);
    private static final Duration BACKDATED = Duration.ofHours(24);

    /// A certificate with the key that proves it.
    public record Issued(PrivateKey key, List<X509Certificate> chain) {
        @Override
        public String toString() {
            return "certificate of " + chain.getFirst().getSubjectX500Principal();
        }
    }

    private final X509Certificate certificate;
    private final KeyPair keys;

    private CertificateAuthority(X509Certificate certificate, KeyPair keys) {
        this.certificate = certificate;
        this.keys = keys;
    }

    /// The authority kept in `folder` (`ca.pem`, and `ca-key.pem` readable by its owner only), made there if there is none.
    public static CertificateAuthority in(Path folder, Instant now) {
        Path certificateFile = folder.resolve("ca.pem");
        Path keyFile = folder.resolve("ca-key.pem");
        try {
            if (Files.exists(certificateFile) && Files.exists(keyFile)) {
                return read(certificateFile, keyFile);
            }
            Files.createDirectories(folder);
            CertificateAuthority made = make(now);
            Files.write(keyFile, new byte[0]);
            if (Files.getFileStore(keyFile).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
            }
            Files.writeString(keyFile, pem(made.keys.getPrivate()));
            Files.writeString(certificateFile, made.pem());
            return made;
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("Could not read or make the certificate authority in " + folder + ": " + e.getMessage(), e);
        }
    }

    /// The authority's certificate, for trust stores. Every start shows it, so it too is written without the library.
    public String pem() {
        return pem(certificate);
    }

    public static String pem(X509Certificate certificate) {
        try {
            return new Pem("CERTIFICATE", certificate.getEncoded()).text();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read or made can be written", e);
        }
    }

    /// Unencrypted PKCS#8.
    public static String pem(PrivateKey key) {
        return new Pem("PRIVATE KEY", key.getEncoded()).text();
    }

    /// A server certificate for these DNS names and addresses, with a P-256 key.
    public Issued issue(List<String> names, Instant now) {
        return issue(names, keys("EC_prime256v1"), now);
    }

    /// A server certificate for these DNS names and addresses.
    public Issued issue(List<String> names, KeyPair leaf, Instant now) {
        try {
            GeneralName[] alternatives = names.stream().map(CertificateAuthority::generalName).toArray(GeneralName[]::new);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(certificate, serial(), from(now), to(now, LEAF_LIFE),
                    new X500Name("CN=" + names.getFirst()), leaf.getPublic());
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.authorityKeyIdentifier, false, new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            return new Issued(leaf.getPrivate(), List.of(sign(builder, keys.getPrivate()), certificate));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("Could not issue a certificate for " + names + ": " + e.getMessage(), e);
        }
    }

    /// Whether the authority may vouch for `name`.
    public static boolean permits(String name) {
        return PERMITTED.stream().anyMatch(suffix -> name.equals(suffix) || name.endsWith("." + suffix));
    }

    private static CertificateAuthority make(Instant now) throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair keys = keys("EC_prime256v1");
        X500Name name = new X500Name("CN=Viridian local CA,O=Viridian");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(), from(now), to(now, CA_LIFE), name, keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        GeneralSubtree[] permitted = Stream.concat(
                        PERMITTED.stream().map(d -> new GeneralName(GeneralName.dNSName, d)),
                        PERMITTED_NETWORKS.stream().map(n -> new GeneralName(GeneralName.iPAddress, n)))
                .map(GeneralSubtree::new)
                .toArray(GeneralSubtree[]::new);
        builder.addExtension(Extension.nameConstraints, true, new NameConstraints(permitted, null));
        return new CertificateAuthority(sign(builder, keys.getPrivate()), keys);
    }

    /// Without the library, which takes its time to load: a start that finds an authority needs it only when the first certificate is issued.
    private static CertificateAuthority read(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        PrivateKey key = key(keyFile);
        try (InputStream in = Files.newInputStream(certificateFile)) {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new CertificateAuthority(certificate, new KeyPair(certificate.getPublicKey(), key));
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw new IOException(file + " holds no private key", e);
        }
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key) throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    /// New keys.
    ///
    /// @param algorithm as AWS names it: `RSA_2048`, `EC_prime256v1`, `EC_secp384r1`, ...
    public static KeyPair keys(String algorithm) {
        try {
            if (algorithm.startsWith("RSA_")) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(Integer.parseInt(algorithm.substring("RSA_".length())));
                return generator.generateKeyPair();
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(algorithm.equals("EC_prime256v1") ? "secp256r1" : algorithm.substring("EC_".length())));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no keys of the kind " + algorithm, e);
        }
    }

    private static GeneralName generalName(String name) {
        boolean address = name.matches("[0-9.]+") || name.contains(":");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static BigInteger serial() {
        return new BigInteger(127, new SecureRandom());
    }

    private static Date from(Instant now) {
        return Date.from(now.minus(BACKDATED));
    }

    private static Date to(Instant now, Duration life) {
        return Date.from(now.plus(life));
    }
}
