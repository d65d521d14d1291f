package dev.viridian.proxy.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads what listeners show. Netty would, too, but asks all of Bouncy Castle for a key where that is there, which costs the first listener of a
/// process a third of a second.
final class Pem {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN [A-Z0-9 ]+-----([^-]*)-----END [A-Z0-9 ]+-----");

    private Pem() {}

    /// All there are, in their order.
    static X509Certificate[] certificates(String pem) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<byte[]> blocks = blocks(pem);
        X509Certificate[] chain = new X509Certificate[blocks.size()];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(blocks.get(i)));
        }
        return chain;
    }

    /// @param pem unencrypted PKCS#8
    static PrivateKey key(String pem, PublicKey itsPublicKey) throws GeneralSecurityException {
        return KeyFactory.getInstance(itsPublicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(blocks(pem).getFirst()));
    }

    private static List<byte[]> blocks(String pem) {
        List<byte[]> blocks = BLOCK.matcher(pem).results().map(block -> Base64.getMimeDecoder().decode(block.group(1))).toList();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("there is nothing in PEM");
        }
        return blocks;
    }
}
