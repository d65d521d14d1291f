package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Arn;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/// Tags of alarms. They belong to the ARN and go with the alarm.
final class AlarmTags {
    record Tags(Map<String, String> values) {}

    private final Store store;
    private final Table<Tags> tags;
    private final Alarms alarms;

    AlarmTags(Store store, Alarms alarms) {
        this.store = store;
        this.tags = store.table("cloudwatch.tags", Tags.class);
        this.alarms = alarms;
    }

    List<Tag> list(String arn) {
        return find(known(arn)).entrySet().stream().map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
    }

    void add(String arn, List<Tag> added) {
        store.transact(() -> {
            String name = known(arn);
            Map<String, String> changed = new TreeMap<>(find(name));
            added.forEach(tag -> changed.put(tag.key(), tag.value()));
            if (changed.size() > 50) {
                throw Refusals.value("The maximum number of tags per resource is 50.");
            }
            tags.put(Scope.current().key(name), new Tags(changed));
        });
    }

    void remove(String arn, List<String> keys) {
        store.transact(() -> {
            String name = known(arn);
            Map<String, String> changed = new TreeMap<>(find(name));
            keys.forEach(changed::remove);
            tags.put(Scope.current().key(name), new Tags(changed));
        });
    }

    void forget(List<String> names) {
        names.forEach(name -> tags.delete(Scope.current().key(name)));
    }

    private Map<String, String> find(String name) {
        return tags.find(Scope.current().key(name)).map(Tags::values).orElse(Map.of());
    }

    private String known(String arn) {
        Scope scope = Scope.current();
        if (!Arn.isArn(arn) || !arn.startsWith(scope.arn("alarm:"))) {
            throw Refusals.noSuchResource(arn);
        }
        String name = Arn.parse(arn).resource().substring("alarm:".length());
        alarms.find(scope, name).orElseThrow(() -> Refusals.noSuchResource(arn));
        return name;
    }
}
