package dev.viridian.services.s3;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.HashMap;
import software.amazon.awssdk.core.SdkPojo;
import dev.viridian.aws.shapes.Shape;

/// What an uploader may say about an object's bytes and gets back with them: `Content-Type` and its kind, and `x-amz-meta-*`.
///
/// @param system by the API's member names, e.g. `ContentType`
record ObjectHeaders(Map<String, String> system, Map<String, String> user) {
    private static final List<String> KEPT = List.of(
            "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "WebsiteRedirectLocation");
    /// As HTTP wants dates: two digits for the day, which `RFC_1123_DATE_TIME` does not give.
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MOST_METADATA_BYTES = 2048;

    static ObjectHeaders sentWith(SdkPojo request, Map<String, String> metadata) {
        Map<String, String> system = new TreeMap<>();
        KEPT.forEach(name -> Members.text(request, name).ifPresent(value -> system.put(name, value)));
        system.putIfAbsent("ContentType", "binary/octet-stream");
        Shape.of(request.getClass()).member("Expires").map(m -> m.get(request))
                .ifPresent(at -> system.put("ExpiresString", HTTP_DATE.format((Instant) at)));
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
        expires().ifPresent(at -> members.put("Expires", at));
        if (!user.isEmpty()) {
            members.put("Metadata", user);
        }
        return members;
    }

    private java.util.Optional<Instant> expires() {
        String text = system.get("ExpiresString");
        try {
            return java.util.Optional.ofNullable(text).map(t -> Instant.from(HTTP_DATE.parse(t)));
        } catch (DateTimeParseException e) {
            throw new IllegalStateException("an Expires header was kept that is not a date: " + text, e);
        }
    }
}
