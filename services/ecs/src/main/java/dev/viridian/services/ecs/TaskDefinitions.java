package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.client;
import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionFamilyStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/// Owner of the task definitions: immutable, numbered per family. A number is never given twice, even after its definition is gone.
final class TaskDefinitions {
    private static final int PAGE = 100;

    /// @param tags kept beside the definition because only `include=TAGS` shows them
    record Definition(TaskDefinition shown, List<Tag> tags) {
        Definition {
            tags = List.copyOf(tags);
        }
    }

    private final Store store;
    private final Time time;
    private final Table<Definition> definitions;
    private final Table<Integer> revisions;

    TaskDefinitions(Store store, Time time) {
        this.store = store;
        this.time = time;
        this.definitions = store.table("ecs.task-definitions", Definition.class);
        this.revisions = store.table("ecs.task-definition-revisions", Integer.class);
    }

    RegisterTaskDefinitionResponse register(RegisterTaskDefinitionRequest request) {
        TaskDefinition filled = TaskDefinitionDefaults.fill(request).build();
        TaskDefinitionRules.check(filled);
        Tags.check(request.tags());
        Caller caller = Caller.current();
        TaskDefinition registered = store.transact(() -> {
            String family = Key.of(caller.account(), caller.region(), filled.family());
            int revision = revisions.find(family).orElse(0) + 1;
            revisions.put(family, revision);
            TaskDefinition complete = filled.toBuilder()
                    .revision(revision)
                    .taskDefinitionArn(Arn.here("ecs", "task-definition/" + filled.family() + ":" + revision))
                    .status(TaskDefinitionStatus.ACTIVE)
                    .compatibilities(Capabilities.compatibilities(filled))
                    .requiresAttributes(Capabilities.requiresAttributes(filled))
                    .registeredAt(time.now())
                    .registeredBy(caller.principal().arn())
                    .build();
            definitions.put(key(complete), new Definition(complete, request.tags()));
            return complete;
        });
        return RegisterTaskDefinitionResponse.builder().taskDefinition(registered).tags(request.tags()).build();
    }

    DescribeTaskDefinitionResponse describe(DescribeTaskDefinitionRequest request) {
        Definition found = find(request.taskDefinition()).orElseThrow(() -> client("Unable to describe task definition."));
        DescribeTaskDefinitionResponse.Builder answer = DescribeTaskDefinitionResponse.builder().taskDefinition(found.shown());
        if (request.include().contains(TaskDefinitionField.TAGS)) {
            answer.tags(found.tags());
        }
        return answer.build();
    }

    DeregisterTaskDefinitionResponse deregister(DeregisterTaskDefinitionRequest request) {
        String text = request.taskDefinition();
        if (!nameOf(text).contains(":")) {
            throw client("Revision is missing.");
        }
        TaskDefinition gone = store.transact(() -> {
            Definition found = find(text).orElseThrow(() -> client("The specified task definition does not exist."));
            if (found.shown().status() != TaskDefinitionStatus.ACTIVE) {
                throw client("The specified task definition is inactive.");
            }
            return change(found, found.shown().toBuilder().status(TaskDefinitionStatus.INACTIVE).deregisteredAt(time.now()).build());
        });
        return DeregisterTaskDefinitionResponse.builder().taskDefinition(gone).build();
    }

    /// What is in use by a service or task stays readable for it; hidden from lists all the same.
    DeleteTaskDefinitionsResponse delete(DeleteTaskDefinitionsRequest request) {
        if (request.taskDefinitions().size() > 10) {
            throw invalid("The number of task definitions to be deleted must be at most 10.");
        }
        List<TaskDefinition> deleted = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        store.transact(() -> request.taskDefinitions().forEach(text -> {
            Optional<Definition> found = find(text);
            if (found.isEmpty()) {
                failures.add(Failure.builder().arn(text).reason("MISSING").detail("The specified task definition does not exist.").build());
            } else if (found.get().shown().status() == TaskDefinitionStatus.ACTIVE) {
                failures.add(Failure.builder().arn(text).reason("ACTIVE")
                        .detail("The specified task definition is still in ACTIVE status. Please deregister the target and try again.").build());
            } else {
                TaskDefinition shown = found.get().shown();
                deleted.add(change(found.get(), shown.toBuilder().status(TaskDefinitionStatus.DELETE_IN_PROGRESS).build()));
            }
        }));
        return DeleteTaskDefinitionsResponse.builder().taskDefinitions(deleted).failures(failures).build();
    }

    ListTaskDefinitionsResponse list(ListTaskDefinitionsRequest request) {
        TaskDefinitionStatus status = request.status() == null ? TaskDefinitionStatus.ACTIVE : request.status();
        List<String> arns = here()
                .map(Definition::shown)
                .filter(one -> request.familyPrefix() == null || request.familyPrefix().equals(one.family()))
                .filter(one -> one.status() == status)
                .map(TaskDefinition::taskDefinitionArn)
                .toList();
        Page page = Page.of(request.sort() == SortOrder.DESC ? arns.reversed() : arns, request.nextToken(), request.maxResults(), PAGE);
        return ListTaskDefinitionsResponse.builder().taskDefinitionArns(page.entries()).nextToken(page.nextToken()).build();
    }

    ListTaskDefinitionFamiliesResponse families(ListTaskDefinitionFamiliesRequest request) {
        TaskDefinitionFamilyStatus status = request.status() == null ? TaskDefinitionFamilyStatus.ACTIVE : request.status();
        List<TaskDefinition> all = here().map(Definition::shown).filter(one -> one.status() != TaskDefinitionStatus.DELETE_IN_PROGRESS).toList();
        List<String> active = all.stream().filter(one -> one.status() == TaskDefinitionStatus.ACTIVE).map(TaskDefinition::family).distinct().toList();
        List<String> families = all.stream()
                .map(TaskDefinition::family)
                .distinct()
                .filter(family -> request.familyPrefix() == null || family.startsWith(request.familyPrefix()))
                .filter(family -> switch (status) {
                    case ACTIVE -> active.contains(family);
                    case INACTIVE -> !active.contains(family);
                    case ALL, UNKNOWN_TO_SDK_VERSION -> true;
                })
                .toList();
        Page page = Page.of(families, request.nextToken(), request.maxResults(), PAGE);
        return ListTaskDefinitionFamiliesResponse.builder().families(page.entries()).nextToken(page.nextToken()).build();
    }

    /// What a new task or service may use.
    TaskDefinition active(String text) {
        TaskDefinition found = find(text).map(Definition::shown).orElseThrow(() -> client("TaskDefinition not found."));
        if (found.status() != TaskDefinitionStatus.ACTIVE) {
            throw client("TaskDefinition is inactive");
        }
        return found;
    }

    /// What an existing task or service was made from, whatever became of it.
    TaskDefinition used(String arn) {
        Arn parsed = Arn.parse(arn);
        String[] name = nameOf(arn).split(":");
        return definitions.find(key(parsed.account(), parsed.region(), name[0], Integer.parseInt(name[1])))
                .map(Definition::shown)
                .orElseThrow(() -> new IllegalStateException("the task definition " + arn + " is used but not there"));
    }

    /// `family` is its newest active revision; `family:revision` and ARNs name one.
    Optional<Definition> find(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw client("taskDefinition can not be blank");
        }
        String[] name = nameOf(text).split(":", 2);
        Caller caller = Caller.current();
        if (name.length == 2) {
            return definitions.find(key(caller.account(), caller.region(), name[0], revision(name[1])));
        }
        return definitions.list(Key.under(caller.account(), caller.region(), name[0])).stream()
                .filter(one -> one.shown().status() == TaskDefinitionStatus.ACTIVE)
                .max(Comparator.comparing(one -> one.shown().revision()));
    }

    void retag(Definition found, List<Tag> tags) {
        definitions.put(key(found.shown()), new Definition(found.shown(), tags));
    }

    private TaskDefinition change(Definition found, TaskDefinition next) {
        definitions.put(key(next), new Definition(next, found.tags()));
        return next;
    }

    private Stream<Definition> here() {
        Caller caller = Caller.current();
        return definitions.list(Key.under(caller.account(), caller.region())).stream();
    }

    private static int revision(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid("Invalid revision number. Number: " + text);
        }
    }

    private static String nameOf(String text) {
        String resource = Arn.isArn(text) ? Arn.parse(text).resource() : text;
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    private static String key(TaskDefinition definition) {
        Arn arn = Arn.parse(definition.taskDefinitionArn());
        return key(arn.account(), arn.region(), definition.family(), definition.revision());
    }

    /// Zeros in front, so that keys sort as numbers do.
    private static String key(String account, String region, String family, int revision) {
        return Key.of(account, region, family, "%010d".formatted(revision));
    }
}
