package dev.viridian.services.elbv2;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DuplicateTagKeysException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TooManyTagsException;

/// Tags of load balancers, target groups, listeners and rules, by ARN.
final class Tags {
    private static final int MOST = 50;

    record Tagging(Map<String, String> values) {}

    private final Table<Tagging> tags;
    private final Rows rows;

    Tags(Store store, Rows rows) {
        this.tags = store.table("elbv2.tags", Tagging.class);
        this.rows = rows;
    }

    void create(String arn, List<Tag> added) {
        if (!added.isEmpty()) {
            add(arn, added);
        }
    }

    /// Before anything is looked at that the tags are for.
    static void check(List<Tag> wanted) {
        Set<String> keys = new HashSet<>();
        wanted.forEach(tag -> {
            Refusals.require(!tag.key().startsWith("aws:"), "Tag key '" + tag.key() + "' cannot start with 'aws:'");
            if (!keys.add(tag.key())) {
                throw DuplicateTagKeysException.builder().message("Tag keys must be unique").build();
            }
        });
    }

    void add(String arn, List<Tag> added) {
        Map<String, String> all = new TreeMap<>(values(arn));
        added.forEach(tag -> all.put(tag.key(), tag.value() == null ? "" : tag.value()));
        if (all.size() > MOST) {
            throw TooManyTagsException.builder().message("The maximum number of tags per resource is " + MOST).build();
        }
        tags.put(Rows.key(arn), new Tagging(all));
    }

    void remove(String arn, List<String> keys) {
        Map<String, String> all = new TreeMap<>(values(arn));
        keys.forEach(all::remove);
        tags.put(Rows.key(arn), new Tagging(all));
    }

    List<Tag> of(String arn) {
        return values(arn).entrySet().stream().map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
    }

    void forget(String arn) {
        tags.delete(Rows.key(arn));
    }

    private Map<String, String> values(String arn) {
        return tags.find(Rows.key(arn)).map(Tagging::values).orElse(Map.of());
    }

    /// Refuses ARNs of nothing, with the error of the kind of thing the ARN speaks of.
    void checkExists(String arn) {
        if (arn.contains(":loadbalancer/")) {
            rows.loadBalancer(arn);
        } else if (arn.contains(":targetgroup/")) {
            rows.targetGroup(arn);
        } else if (arn.contains(":listener-rule/")) {
            String listener = Rules.listenerOf(arn);
            if (!Rules.defaultRuleArn(listener).equals(arn) || rows.listeners().find(Rows.key(listener)).isEmpty()) {
                rows.rule(arn);
            }
        } else if (arn.contains(":listener/")) {
            rows.listener(arn);
        } else {
            throw Refusals.validation("'" + arn + "' is not a valid load balancer ARN");
        }
    }
}
