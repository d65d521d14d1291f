package dev.viridian.aws.x509;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// Private keys in the three forms they come in: PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) and SEC 1 (`EC PRIVATE KEY`).
final class PrivateKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] PROBE = "does this key belong to this certificate".getBytes(StandardCharsets.US_ASCII);

    private PrivateKeys() {}

    /// @param owner the key of the certificate it should belong to
    static PrivateKey read(String pem, PublicKey owner) {
        List<Pem> blocks = blocks(pem);
        if (blocks.stream().anyMatch(block -> block.kind().equals("ENCRYPTED PRIVATE KEY"))) {
            throw new FlawedCertificate(Flaw.KEY_ENCRYPTED);
        }
        Pem block = blocks.stream().filter(each -> each.kind().endsWith("PRIVATE KEY")).findFirst()
                .orElseThrow(() -> new FlawedCertificate(Flaw.KEY_UNREADABLE));
        PrivateKey key = switch (block.kind()) {
            case "RSA PRIVATE KEY" -> wrapped(block.bytes(), "RSA", owner);
            case "EC PRIVATE KEY" -> wrapped(block.bytes(), "EC", owner);
            default -> decode(block.bytes(), owner);
        };
        if (!belongTogether(key, owner)) {
            throw new FlawedCertificate(Flaw.KEY_OF_ANOTHER_CERTIFICATE);
        }
        return key;
    }

    private static List<Pem> blocks(String pem) {
        try {
            return Pem.blocks(pem);
        } catch (IllegalArgumentException e) {
            throw new FlawedCertificate(Flaw.KEY_UNREADABLE);
        }
    }

    /// The older forms leave out what PKCS#8 puts around them: the algorithm, which is the certificate's if the key is its key.
    private static PrivateKey wrapped(byte[] inner, String algorithm, PublicKey owner) {
        if (!owner.getAlgorithm().equals(algorithm)) {
            throw new FlawedCertificate(Flaw.KEY_OF_ANOTHER_CERTIFICATE);
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_0);
        content.writeBytes(firstElement(owner.getEncoded()));
        content.writeBytes(der(OCTET_STRING, inner));
        return decode(der(SEQUENCE, content.toByteArray()), owner);
    }

    private static PrivateKey decode(byte[] pkcs8, PublicKey owner) {
        try {
            return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            boolean other = isReadable(pkcs8, owner.getAlgorithm().equals("RSA") ? "EC" : "RSA");
            throw new FlawedCertificate(other ? Flaw.KEY_OF_ANOTHER_CERTIFICATE : Flaw.KEY_UNREADABLE);
        }
    }

    private static boolean isReadable(byte[] pkcs8, String algorithm) {
        try {
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey owner) {
        String algorithm = owner.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(owner);
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Of a DER sequence: in a public key's encoding, its algorithm.
    private static byte[] firstElement(byte[] sequence) {
        int start = contentStart(sequence, 0);
        int length = contentStart(sequence, start) - start + contentLength(sequence, start);
        return Arrays.copyOfRange(sequence, start, start + length);
    }

    private static int contentStart(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
    }

    private static int contentLength(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        if (length < 0x80) {
            return length;
        }
        int sum = 0;
        for (int i = 0; i < (length & 0x7f); i++) {
            sum = sum << 8 | der[at + 2 + i] & 0xff;
        }
        return sum;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length & 0xff);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
