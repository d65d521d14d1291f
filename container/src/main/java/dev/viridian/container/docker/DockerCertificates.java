package dev.viridian.container.docker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The folder of `ca.pem`, `cert.pem` and `key.pem` that docker's own client uses for mutual TLS.
final class DockerCertificates {
    /// An RSA key as `openssl genrsa` once wrote it lacks the envelope Java wants: version 0 and the algorithm's name.
    private static final byte[] RSA_ENVELOPE = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private DockerCertificates() {}

    static SSLContext in(Path folder) throws IOException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities(folder.resolve("ca.pem")));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity(folder), new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("could not use the certificates in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore authorities(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        return store;
    }

    private static KeyStore identity(Path folder) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        if (Files.exists(folder.resolve("key.pem"))) {
            Certificate[] chain = certificates(folder.resolve("cert.pem")).toArray(Certificate[]::new);
            store.setKeyEntry("client", privateKey(folder.resolve("key.pem"), chain[0].getPublicKey().getAlgorithm()), new char[0], chain);
        }
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<? extends Certificate> certificates(Path file) throws GeneralSecurityException, IOException {
        return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws GeneralSecurityException, IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        byte[] pkcs8 = text.contains("BEGIN RSA PRIVATE KEY") ? sequence(RSA_ENVELOPE, tagged(0x04, der)) : der;
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] sequence(byte[] first, byte[] second) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(first);
        content.write(second);
        return tagged(0x30, content.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(0x82);
        out.write(content.length >> 8);
        out.write(content.length);
        out.write(content);
        return out.toByteArray();
    }
}
