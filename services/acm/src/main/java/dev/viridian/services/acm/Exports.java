package dev.viridian.services.acm;

import dev.viridian.aws.x509.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.AlgorithmParameters;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Private keys on their way out, under a passphrase: PKCS#8 with PBES2, as `openssl pkcs8` reads it.
final class Exports {
    private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";

    private Exports() {}

    static String encrypted(String keyPem, String passphrase) {
        byte[] key = Pem.blocks(keyPem).getFirst().bytes();
        PBEKeySpec password = new PBEKeySpec(passphrase.toCharArray());
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, SecretKeyFactory.getInstance(CIPHER).generateSecret(password));
            byte[] encrypted = cipher.doFinal(key);
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2"); // the same under the name the encoding knows
            parameters.init(cipher.getParameters().getEncoded());
            byte[] encoded = new EncryptedPrivateKeyInfo(parameters, encrypted).getEncoded();
            return new Pem("ENCRYPTED PRIVATE KEY", encoded).text();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot encrypt a private key with " + CIPHER, e);
        } finally {
            password.clearPassword();
        }
    }
}
