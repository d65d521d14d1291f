package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.aws.Arn;
import dev.viridian.engine.store.Store;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;

/// Tags of whatever an ARN names: clusters, services, tasks, task definitions, task sets.
final class Tagging {
    private final Store store;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final ServiceTable serviceTable;
    private final Services services;
    private final TaskTable tasks;

    Tagging(Store store, Clusters clusters, TaskDefinitions definitions, ServiceTable serviceTable, Services services, TaskTable tasks) {
        this.store = store;
        this.clusters = clusters;
        this.definitions = definitions;
        this.serviceTable = serviceTable;
        this.services = services;
        this.tasks = tasks;
    }

    private record Tagged(List<Tag> tags, Consumer<List<Tag>> write) {}

    TagResourceResponse tag(TagResourceRequest request) {
        Tags.check(request.tags());
        store.transact(() -> {
            Tagged found = find(request.resourceArn());
            List<Tag> next = Tags.with(found.tags(), request.tags());
            Tags.check(next.stream().filter(tag -> !tag.key().startsWith("aws:")).toList());
            found.write().accept(next);
        });
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        store.transact(() -> {
            Tagged found = find(request.resourceArn());
            found.write().accept(Tags.without(found.tags(), request.tagKeys()));
        });
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder().tags(find(request.resourceArn()).tags()).build();
    }

    private Tagged find(@Nullable String arn) {
        if (arn == null || !Arn.isArn(arn)) {
            throw invalid("The ARN provided is invalid.");
        }
        String[] path = Arn.parse(arn).resource().split("/");
        return switch (path[0]) {
            case "cluster" -> cluster(ClusterId.of(arn));
            case "service" -> service(ServiceId.of(path.length > 2 ? path[1] : null, arn));
            case "task-set" -> workload(new ServiceId(ClusterId.of(path[1]), path[2]), arn.substring(arn.lastIndexOf("ecs-svc/")));
            case "task" -> task(TaskId.of(path.length > 2 ? path[1] : null, arn));
            case "task-definition" -> definitions.find(arn).map(found -> new Tagged(found.tags(), tags -> definitions.retag(found, tags)))
                    .orElseThrow(() -> invalid("The specified task definition is inactive or does not exist. "
                            + "Specify an active task definition and try again."));
            default -> throw invalid("The ARN provided is invalid.");
        };
    }

    private Tagged cluster(ClusterId id) {
        return new Tagged(clusters.active(id).tags(), tags -> clusters.retag(id, tags));
    }

    private Tagged service(ServiceId id) {
        return new Tagged(services.active(id).service().tags(), tags -> services.retag(id, tags));
    }

    private Tagged workload(ServiceId id, String workloadId) {
        Workload found = serviceTable.workload(id, workloadId).orElseThrow(Refusals::taskSetNotFound);
        return new Tagged(found.set().tags(), tags -> serviceTable.put(id, found.with(set -> set.tags(tags))));
    }

    private Tagged task(TaskId id) {
        TaskRow found = tasks.find(id).orElseThrow(() -> invalid("The specified task cannot be found."));
        return new Tagged(found.task().tags(), tags -> tasks.update(id, row -> row.with(task -> task.tags(tags))));
    }
}
