package dev.viridian.services.iam;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.Tag;

/// Tags as IAM takes and gives them.
final class IamTags {
    private static final int MOST = 50;

    private IamTags() {}

    static Map<String, String> of(@Nullable List<Tag> tags) {
        Map<String, String> found = new LinkedHashMap<>();
        if (tags != null) {
            for (Tag tag : tags) {
                if (found.put(tag.key(), tag.value()) != null) {
                    throw IamErrors.invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
                }
            }
        }
        return checked(found);
    }

    /// What a resource has after more tags were put on it.
    static Map<String, String> checked(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw IamErrors.limitExceeded("The number of tags has reached the maximum limit.");
        }
        return tags;
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream().map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .sorted(Comparator.comparing(Tag::key)).toList();
    }
}
