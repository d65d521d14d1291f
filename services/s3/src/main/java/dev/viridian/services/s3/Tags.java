package dev.viridian.services.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Tag;

/// Tags of buckets and objects.
final class Tags {
    static final int MOST_ON_BUCKET = 50;
    static final int MOST_ON_OBJECT = 10;

    private Tags() {}

    static Map<String, String> of(Collection<Tag> tags, int most) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (found.put(tag.key(), tag.value()) != null) {
                throw S3Errors.invalidTag("Cannot provide multiple Tags with the same key");
            }
        }
        return checked(found, most);
    }

    /// @param header `x-amz-tagging`, encoded as a query string
    static Map<String, String> parse(@Nullable String header, int most) {
        Map<String, String> found = new LinkedHashMap<>();
        if (header != null && !header.isEmpty()) {
            for (String pair : header.split("&")) {
                String[] parts = pair.split("=", 2);
                if (found.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "") != null) {
                    throw S3Errors.invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
                            + "without tag name duplicates.");
                }
            }
        }
        return checked(found, most);
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream().map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> checked(Map<String, String> tags, int most) {
        if (tags.size() > most) {
            throw S3Errors.of("BadRequest", 400, (most == MOST_ON_OBJECT ? "Object" : "Bucket") + " tags cannot be greater than " + most);
        }
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > 128 || key.startsWith("aws:")) {
                throw S3Errors.invalidTag("The TagKey you have provided is invalid");
            }
            if (value.length() > 256) {
                throw S3Errors.invalidTag("The TagValue you have provided is invalid");
            }
        });
        return tags;
    }
}
