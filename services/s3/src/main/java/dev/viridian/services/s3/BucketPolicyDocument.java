package dev.viridian.services.s3;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// As much of a bucket policy as S3 itself looks at when it is put. Evaluating it is IAM's business.
record BucketPolicyDocument(JsonNode root) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_BYTES = 20 * 1024;

    static BucketPolicyDocument parse(String text, Bucket bucket) {
        if (Text.utf8Length(text) > MOST_BYTES) {
            throw malformed("Policies must not exceed " + MOST_BYTES + " bytes");
        }
        JsonNode root = read(text);
        if (!root.isObject() || root.path("Statement").isMissingNode()) {
            throw malformed(root.isObject() ? "Missing required field Statement" : "Policies must be valid JSON and the first byte must be '{'");
        }
        for (JsonNode statement : statements(root)) {
            check(statement, bucket);
        }
        return new BucketPolicyDocument(root);
    }

    private static JsonNode read(String text) {
        if (!text.startsWith("{")) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'");
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw malformed("This policy contains invalid Json");
        }
    }

    private static void check(JsonNode statement, Bucket bucket) {
        String effect = statement.path("Effect").asString("");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw malformed(effect.isEmpty() ? "Missing required field Effect" : "Invalid effect: " + effect);
        }
        require(statement, "Principal", "NotPrincipal");
        require(statement, "Action", "NotAction");
        require(statement, "Resource", "NotResource");
        for (JsonNode resource : many(statement.has("Resource") ? statement.path("Resource") : statement.path("NotResource"))) {
            String arn = resource.asString("");
            if (!arn.equals(bucket.arn()) && !arn.startsWith(bucket.arn() + "/") && !arn.startsWith("*")) {
                throw malformed("Policy has invalid resource");
            }
        }
    }

    private static void require(JsonNode statement, String field, String opposite) {
        if (!statement.has(field) && !statement.has(opposite)) {
            throw malformed("Missing required field " + field);
        }
    }

    /// Whether anybody at all is let in, with no condition to narrow it.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>, "The meaning of public"
    boolean isPublic() {
        for (JsonNode statement : statements(root)) {
            JsonNode principal = statement.path("Principal");
            boolean anybody = isStar(principal) || isStar(principal.path("AWS"));
            if (anybody && statement.path("Effect").asString("").equals("Allow") && statement.path("Condition").isMissingNode()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStar(JsonNode node) {
        for (JsonNode one : many(node)) {
            if (one.asString("").equals("*")) {
                return true;
            }
        }
        return false;
    }

    private static Iterable<JsonNode> statements(JsonNode root) {
        return many(root.path("Statement"));
    }

    private static Iterable<JsonNode> many(JsonNode node) {
        return node.isArray() ? node : List.of(node);
    }

    private static RuntimeException malformed(String message) {
        return S3Errors.of("MalformedPolicy", 400, message);
    }
}
