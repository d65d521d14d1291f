package dev.viridian.wire.auth;

import dev.viridian.wire.Incoming;
import dev.viridian.wire.Query;
import dev.viridian.wire.auth.AuthFailure.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a signed request says about its signature, before anything of it is believed.
///
/// @param expires seconds a presigned link is good for; empty for a signature in a header
public record Claim(String accessKeyId, Scope scope, List<String> signedHeaders, String signature, String stamp, OptionalLong expires,
        Optional<String> token) {

    public boolean isLink() {
        return expires.isPresent();
    }

    /// Empty for an unsigned request.
    ///
    /// @throws AuthFailure when there is a signature that cannot be read
    public static Optional<Claim> of(Incoming request) {
        Optional<String> header = request.headers().first("authorization");
        if (header.isPresent()) {
            return Optional.of(fromHeader(request, header.get()));
        }
        return request.query().has("X-Amz-Signature") || request.query().has("X-Amz-Credential") ? Optional.of(fromQuery(request.query()))
                : Optional.empty();
    }

    private static Claim fromHeader(Incoming request, String header) {
        if (!header.startsWith(SigV4.ALGORITHM)) {
            throw malformed("Authorization header requires '" + SigV4.ALGORITHM + "', found '" + firstWord(header) + "'.");
        }
        Map<String, String> parts = parts(header.substring(SigV4.ALGORITHM.length()));
        String stamp = request.headers().first("x-amz-date").or(() -> request.headers().first("date"))
                .orElseThrow(() -> malformed("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."));
        return new Claim(keyId(need(parts, "Credential")), scope(need(parts, "Credential")), split(need(parts, "SignedHeaders")),
                need(parts, "Signature"),
                stamp, OptionalLong.empty(), request.headers().first("x-amz-security-token"));
    }

    private static Claim fromQuery(Query query) {
        String credential = need(query, "X-Amz-Credential");
        return new Claim(keyId(credential), scope(credential), split(need(query, "X-Amz-SignedHeaders")), need(query, "X-Amz-Signature"),
                need(query, "X-Amz-Date"), OptionalLong.of(seconds(query.first("X-Amz-Expires").orElse("900"))), query.first("X-Amz-Security-Token"));
    }

    private static Map<String, String> parts(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        return parts;
    }

    private static String need(Map<String, String> parts, String name) {
        String value = parts.get(name);
        if (value == null || value.isEmpty()) {
            throw malformed("Authorization header requires '" + name + "' parameter.");
        }
        return value;
    }

    private static String need(Query query, String name) {
        return query.first(name).orElseThrow(() -> malformed("Query-string authentication requires the '" + name + "' parameter."));
    }

    private static String keyId(String credential) {
        return credential.substring(0, credential.indexOf('/') < 0 ? credential.length() : credential.lastIndexOf('/', scopeStart(credential)));
    }

    private static Scope scope(String credential) {
        String[] parts = credential.substring(scopeStart(credential) + 1).split("/");
        if (parts.length != 4 || !parts[3].equals("aws4_request")) {
            throw malformed("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + credential + "'");
        }
        return new Scope(parts[0], parts[1], parts[2]);
    }

    /// Where the slash before the date is; key ids themselves may contain none, but the text may be anything.
    private static int scopeStart(String credential) {
        int at = credential.length();
        for (int i = 0; i < 4 && at > 0; i++) {
            at = credential.lastIndexOf('/', at - 1);
        }
        if (at <= 0) {
            throw malformed("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + credential + "'");
        }
        return at;
    }

    private static List<String> split(String names) {
        return Arrays.asList(names.split(";"));
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw malformed("X-Amz-Expires should be a number");
        }
    }

    private static String firstWord(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    private static AuthFailure malformed(String message) {
        return new AuthFailure(Reason.MALFORMED, message);
    }
}
