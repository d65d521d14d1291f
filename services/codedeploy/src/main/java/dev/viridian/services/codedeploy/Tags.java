package dev.viridian.services.codedeploy;

import dev.viridian.aws.Arn;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ArnNotSupportedException;
import software.amazon.awssdk.services.codedeploy.model.InvalidArnException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTagsToAddException;
import software.amazon.awssdk.services.codedeploy.model.ResourceArnRequiredException;
import software.amazon.awssdk.services.codedeploy.model.Tag;

/// Tags of applications and deployment groups, by ARN.
final class Tags {
    private static final int MOST = 50;

    /// @param byKey in the order of their keys
    record Tagged(TreeMap<String, String> byKey) {}

    private final Store store;
    private final Table<Tagged> tags;

    Tags(Store store) {
        this.store = store;
        this.tags = store.table("codedeploy.tags", Tagged.class);
    }

    List<Tag> list(String arn) {
        return of(arn).byKey().entrySet().stream().map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
    }

    void add(String arn, List<Tag> more) {
        check(more);
        store.transact(() -> {
            TreeMap<String, String> all = of(arn).byKey();
            more.forEach(tag -> all.put(tag.key(), tag.value() == null ? "" : tag.value()));
            if (all.size() > MOST) {
                throw invalid("A resource can have at most " + MOST + " tags.");
            }
            write(arn, all);
        });
    }

    void remove(String arn, List<String> keys) {
        store.transact(() -> {
            TreeMap<String, String> all = of(arn).byKey();
            keys.forEach(all::remove);
            write(arn, all);
        });
    }

    void forget(String arn) {
        tags.delete(arn);
    }

    void move(String from, String to) {
        store.transact(() -> {
            write(to, of(from).byKey());
            tags.delete(from);
        });
    }

    /// What a resource is to be created with.
    static void check(List<Tag> tags) {
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty() || tag.key().length() > 128 || tag.key().startsWith("aws:")) {
                throw invalid("The key of a tag must have 1 to 128 characters and must not begin with aws:");
            }
            if (tag.value() != null && tag.value().length() > 256) {
                throw invalid("The value of a tag must not be longer than 256 characters.");
            }
        }
    }

    /// The resource part of an ARN that can be tagged: `application:App` or `deploymentgroup:App/Group`.
    static String resource(@Nullable String arn) {
        if (Names.isMissing(arn)) {
            throw ResourceArnRequiredException.builder().message("ResourceArn is required").build();
        }
        if (!Arn.isArn(arn) || !Arn.parse(arn).service().equals("codedeploy")) {
            throw InvalidArnException.builder().message("The specified ARN is not in a valid format: " + arn).build();
        }
        String resource = Arn.parse(arn).resource();
        if (!resource.matches("application:[^/]+|deploymentgroup:[^/]+/[^/]+")) {
            throw ArnNotSupportedException.builder().message("The specified ARN is not supported: " + arn).build();
        }
        return resource;
    }

    private Tagged of(String arn) {
        return tags.find(arn).orElseGet(() -> new Tagged(new TreeMap<>()));
    }

    private void write(String arn, TreeMap<String, String> all) {
        if (all.isEmpty()) {
            tags.delete(arn);
        } else {
            tags.put(arn, new Tagged(all));
        }
    }

    private static InvalidTagsToAddException invalid(String message) {
        return InvalidTagsToAddException.builder().message(message).build();
    }
}
