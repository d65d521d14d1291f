package dev.viridian.services.s3;

import dev.viridian.aws.shapes.Shape;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkPojo;

/// What an uploader may say about an object's bytes and gets back with them: `Content-Type` and its kind, and `x-amz-meta-*`.
///
/// @param system by the API's member names, e.g. `ContentType`; `Expires` as ISO 8601
record ObjectHeaders(Map<String, String> system, Map<String, String> user) {
    private static final List<String> KEPT = List.of(
            "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "WebsiteRedirectLocation");
    private static final String EXPIRES = "Expires";
    private static final int MOST_METADATA_BYTES = 2048;

    static ObjectHeaders sentWith(SdkPojo request, Map<String, String> metadata) {
        Map<String, String> system = new TreeMap<>();
        KEPT.forEach(name -> Members.text(request, name).ifPresent(value -> system.put(name, value)));
        system.putIfAbsent("ContentType", "binary/octet-stream");
        Shape.of(request.getClass()).member(EXPIRES).map(m -> m.get(request))
                .ifPresent(at -> system.put(EXPIRES, ((Instant) at).toString()));
        return new ObjectHeaders(system, checked(metadata));
    }

    private static Map<String, String> checked(Map<String, String> metadata) {
        Map<String, String> lower = new TreeMap<>();
        metadata.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        int size = lower.entrySet().stream().mapToInt(e -> Text.utf8Length(e.getKey()) + Text.utf8Length(e.getValue())).sum();
        if (size > MOST_METADATA_BYTES) {
            throw S3Errors.of("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size");
        }
        return lower;
    }

    /// As members of an answer.
    Map<String, Object> members() {
        Map<String, Object> members = new HashMap<>(system);
        members.computeIfPresent(EXPIRES, (_, text) -> Instant.parse((String) text));
        if (!user.isEmpty()) {
            members.put("Metadata", user);
        }
        return members;
    }
}
