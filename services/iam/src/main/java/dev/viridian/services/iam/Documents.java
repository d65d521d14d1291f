package dev.viridian.services.iam;

import dev.viridian.services.iam.policy.MalformedPolicy;
import dev.viridian.services.iam.policy.PolicyRules;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Predicate;

/// Policy texts at IAM's door: what is put in is checked, what comes out is percent-encoded.
final class Documents {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private Documents() {}

    static void checkIdentity(String text) {
        try {
            PolicyRules.identity(text);
        } catch (MalformedPolicy e) {
            throw IamErrors.malformedPolicy(e.getMessage());
        }
    }

    /// @param exists whether a user or role with that ARN is known
    static void checkTrust(String text, Predicate<String> exists) {
        try {
            PolicyRules.trust(text, exists);
        } catch (MalformedPolicy e) {
            throw IamErrors.malformedPolicy(e.getMessage());
        }
    }

    /// White space does not count towards quotas.
    static int weight(String text) {
        return (int) text.chars().filter(c -> !Character.isWhitespace(c)).count();
    }

    /// RFC 3986, as every answer of IAM that carries a document.
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() * 2);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf((char) (b & 0xff)) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
