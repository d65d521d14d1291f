package dev.viridian.services.acm;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.acm.model.Tag;

/// Tags as ACM takes and gives them.
final class AcmTags {
    private static final int MOST = 50;

    private AcmTags() {}

    static Map<String, String> of(List<Tag> tags) {
        return added(Map.of(), tags);
    }

    static Map<String, String> added(Map<String, String> before, List<Tag> tags) {
        Map<String, String> all = new TreeMap<>(before);
        tags.forEach(tag -> {
            check(tag);
            all.put(tag.key(), tag.value() == null ? "" : tag.value());
        });
        if (all.size() > MOST) {
            throw AcmErrors.tooManyTags(all.entrySet().stream().map(tag -> tag.getKey() + "=" + tag.getValue()).collect(Collectors.joining(", ")));
        }
        return all;
    }

    /// A tag given with a value goes only if it has that value.
    ///
    /// Source: ACM API, RemoveTagsFromCertificate.
    static Map<String, String> removed(Map<String, String> before, List<Tag> tags) {
        Map<String, String> left = new TreeMap<>(before);
        tags.forEach(tag -> {
            check(tag);
            if (tag.value() == null) {
                left.remove(tag.key());
            } else {
                left.remove(tag.key(), tag.value());
            }
        });
        return left;
    }

    private static void check(Tag tag) {
        if (tag.key().startsWith("aws:")) {
            throw AcmErrors.validation("Invalid Tag Key: \"" + tag.key() + "\". AWS internal tags cannot be changed with this API");
        }
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream().map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList();
    }
}
