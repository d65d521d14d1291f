package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.engine.Decision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Tag;

/// Rules and arithmetic of tag lists.
///
/// Source: ECS Developer Guide, "Tag restrictions".
@Decision
final class Tags {
    private Tags() {}

    static void check(List<Tag> tags) {
        if (tags.size() > 50) {
            throw invalid("The number of tags must be at most 50.");
        }
        Set<String> keys = new HashSet<>();
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty() || tag.key().length() > 128) {
                throw invalid("Tag keys must be 1 to 128 characters long.");
            }
            if (tag.value() != null && tag.value().length() > 256) {
                throw invalid("Tag values must be at most 256 characters long.");
            }
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw invalid("Tag keys beginning with 'aws:' are reserved for system use.");
            }
            if (!keys.add(tag.key())) {
                throw invalid("Duplicate tag key '" + tag.key() + "'.");
            }
        }
    }

    static List<Tag> with(List<Tag> tags, List<Tag> more) {
        List<String> replaced = more.stream().map(Tag::key).toList();
        List<Tag> all = new ArrayList<>(without(tags, replaced));
        all.addAll(more);
        return all;
    }

    static List<Tag> without(List<Tag> tags, List<String> keys) {
        return tags.stream().filter(tag -> !keys.contains(tag.key())).toList();
    }
}
