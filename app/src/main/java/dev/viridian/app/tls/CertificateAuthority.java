package dev.viridian.app.tls;

import dev.viridian.app.tls.CertificateDraft.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/// Signs certificates for the names Viridian answers to, and for no others: whoever trusts it need not fear that it vouches for their bank.
public final class CertificateAuthority {
    /// AWS's names, the registry mirror's, and our own.
    private static final List<String> PERMITTED = List.of("amazonaws.com", "public.ecr.aws", "localhost", "viridian.internal", "host.docker.internal");
    /// Loopback and the private ranges container networks use.
    private static final List<Network> PERMITTED_NETWORKS =
            List.of(new Network("127.0.0.0", 8), new Network("10.0.0.0", 8), new Network("172.16.0.0", 12), new Network("192.168.0.0", 16));
    private static final X500Principal NAME = new X500Principal("O=Viridian, CN=Viridian local CA");
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(397);
    private static final Duration BACKDATED = Duration.ofHours(24);
    private static final String KEY_LABEL = "PRIVATE KEY";

    /// A certificate with the key that proves it.
    public record Issued(PrivateKey key, List<X509Certificate> chain) {
        @Override
        public String toString() {
            return "certificate of " + chain.getFirst().getSubjectX500Principal();
        }
    }

    private final X509Certificate certificate;
    private final PrivateKey key;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
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
            Files.writeString(keyFile, pem(KEY_LABEL, made.key.getEncoded()));
            Files.writeString(certificateFile, made.pem());
            return made;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("Could not read or make the certificate authority in " + folder + ": " + e.getMessage(), e);
        }
    }

    /// The authority's certificate, for trust stores.
    public String pem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was made can be written", e);
        }
    }

    /// A server certificate for these DNS names and addresses.
    public Issued issue(List<String> names, Instant now) {
        try {
            KeyPair leaf = generate();
            X509Certificate issued = CertificateDraft
                    .ofServer(new X500Principal("CN=" + names.getFirst()), leaf.getPublic(), names, certificate.getPublicKey())
                    .sign(certificate.getSubjectX500Principal(), key, now.minus(BACKDATED), now.plus(LEAF_LIFE));
            return new Issued(leaf.getPrivate(), List.of(issued, certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Could not issue a certificate for " + names + ": " + e.getMessage(), e);
        }
    }

    /// Whether the authority may vouch for `name`.
    public static boolean permits(String name) {
        return PERMITTED.stream().anyMatch(suffix -> name.equals(suffix) || name.endsWith("." + suffix));
    }

    private static CertificateAuthority make(Instant now) throws GeneralSecurityException {
        KeyPair keys = generate();
        X509Certificate certificate = CertificateDraft.ofAuthority(NAME, keys.getPublic(), PERMITTED, PERMITTED_NETWORKS)
                .sign(NAME, keys.getPrivate(), now.minus(BACKDATED), now.plus(CA_LIFE));
        return new CertificateAuthority(certificate, keys.getPrivate());
    }

    private static CertificateAuthority read(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(certificateFile)) {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new CertificateAuthority(certificate, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content(keyFile))));
        }
    }

    private static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String pem(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private static byte[] content(Path keyFile) throws IOException {
        String text = Files.readString(keyFile, StandardCharsets.US_ASCII).strip();
        String begin = "-----BEGIN " + KEY_LABEL + "-----";
        String end = "-----END " + KEY_LABEL + "-----";
        if (!text.startsWith(begin) || !text.endsWith(end)) {
            throw new IOException(keyFile + " holds no private key");
        }
        return Base64.getMimeDecoder().decode(text.substring(begin.length(), text.length() - end.length()));
    }
}
