package dev.viridian.aws;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;

/// Identifiers in the shapes AWS gives them.
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String HEX = "0123456789abcdef";
    private static final String DIGITS = "0123456789";
    private static final String UPPER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Ids() {}

    public static String uuid() {
        return UUID.randomUUID().toString();
    }

    public static String hex(int length) {
        return random(HEX, length);
    }

    public static String digits(int length) {
        return random(DIGITS, length);
    }

    /// Digits and capital letters, as in deployment ids.
    public static String upper(int length) {
        return random(UPPER, length);
    }

    /// Capital letters and 2-7, as in IAM's unique ids (`AKIA...`, `AROA...`).
    public static String base32(int length) {
        return random(BASE32, length);
    }

    /// The same text of [#base32] letters for the same seed, for ids that must not change between two looks.
    public static String stable(String seed, int length) {
        byte[] digest = sha256(seed);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(BASE32.charAt((digest[i % digest.length] & 0xff) % BASE32.length()));
        }
        return text.toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String random(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
