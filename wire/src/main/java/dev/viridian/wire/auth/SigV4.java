package dev.viridian.wire.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The arithmetic of AWS Signature Version 4.
///
/// Source: AWS General Reference, "Signing AWS API requests".
public final class SigV4 {
    public static final String ALGORITHM = "AWS4-HMAC-SHA256";
    public static final String EMPTY_HASH = hex(sha256(new byte[0]));
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private SigV4() {}

    /// `20260101T120000Z`.
    public static String stamp(Instant moment) {
        return STAMP.format(moment) + "Z";
    }

    /// @throws java.time.DateTimeException when it is no stamp
    public static Instant parseStamp(String stamp) {
        String bare = stamp.endsWith("Z") ? stamp.substring(0, stamp.length() - 1) : stamp;
        return Instant.from(STAMP.parse(bare));
    }

    public static byte[] signingKey(String secret, Scope scope) {
        byte[] date = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), scope.date());
        return hmac(hmac(hmac(date, scope.region()), scope.service()), "aws4_request");
    }

    /// The signature of a request, from its canonical form.
    public static String sign(byte[] signingKey, String stamp, Scope scope, String canonicalRequest) {
        String toSign = ALGORITHM + "\n" + stamp + "\n" + scope + "\n" + hex(sha256(canonicalRequest.getBytes(StandardCharsets.UTF_8)));
        return hex(hmac(signingKey, toSign));
    }

    /// The password that `aws codecommit credential-helper` and git-remote-codecommit compute for git.
    ///
    /// The stamp inside the signed text has no `Z`, the password has one. Source: both tools, measured.
    ///
    /// @param host as the tool saw it: the helper drops a port, git-remote-codecommit keeps it
    /// @param path of the repository alone, `/v1/repos/name`
    public static String gitPassword(String secret, String region, Instant moment, String host, String path) {
        String stamp = STAMP.format(moment);
        Scope scope = new Scope(stamp.substring(0, 8), region, "codecommit");
        String canonical = "GIT\n" + path + "\n\nhost:" + host + "\n\nhost\n";
        return stamp + "Z" + sign(signingKey(secret, scope), stamp, scope, canonical);
    }

    public static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// Compares in constant time, so that a signature cannot be found out letter by letter.
    public static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
