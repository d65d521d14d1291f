package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.Pages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// Tags of every kind of resource.
final class Tagging {
    private static final int MOST = 50;
    private static final Map<String, String> TYPES = Map.of("vpc", "vpc", "subnet", "subnet", "sg", "security-group", "rtb", "route-table", "igw",
            "internet-gateway",
            "nat", "natgateway", "eipalloc", "elastic-ip", "sgr", "security-group-rule");

    private final Network network;

    Tagging(Network network) {
        this.network = network;
    }

    void create(CreateTagsRequest request) {
        network.store.transact(() -> request.resources().forEach(id -> change(id, tags -> merged(tags, request.tags()))));
    }

    void delete(DeleteTagsRequest request) {
        network.store.transact(() -> request.resources()
                .forEach(id -> change(id, tags -> tags.stream().filter(tag -> !isMeant(tag, request.tags())).toList())));
    }

    /// Without tags in the request all go; without a value any value does.
    private static boolean isMeant(Tag tag, List<Tag> doomed) {
        return doomed.isEmpty() && !tag.key().startsWith("aws:")
                || doomed.stream().anyMatch(d -> d.key().equals(tag.key()) && (d.value() == null || d.value().equals(tag.value())));
    }

    private void change(String id, UnaryOperator<List<Tag>> change) {
        Rows<? extends Row> rows = network.kinds().stream().filter(kind -> kind.hasId(id)).findFirst()
                .orElseThrow(() -> Ec2Errors.of("InvalidID", "The ID '" + id + "' is not valid"));
        change(rows, id, change);
    }

    private static <R extends Row> void change(Rows<R> rows, String id, UnaryOperator<List<Tag>> change) {
        rows.change(id, row -> retagged(row, change.apply(row.tags())));
    }

    @SuppressWarnings("unchecked") // every row makes another of its own kind
    private static <R extends Row> R retagged(R row, List<Tag> tags) {
        return (R) row.tagged(tags);
    }

    private static List<Tag> merged(List<Tag> tags, List<Tag> more) {
        Map<String, Tag> merged = new LinkedHashMap<>();
        tags.forEach(tag -> merged.put(tag.key(), tag));
        more.forEach(tag -> merged.put(tag.key(), checked(tag)));
        if (merged.size() > MOST) {
            throw Ec2Errors.of("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
        }
        return List.copyOf(merged.values());
    }

    private static Tag checked(Tag tag) {
        if (tag.key().startsWith("aws:") && !(Caller.current().principal() instanceof Principal.Service)) {
            throw Ec2Errors.invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
        }
        return tag.value() == null ? tag.toBuilder().value("").build() : tag;
    }

    /// The tags a create operation gives to what it makes.
    static List<Tag> of(List<TagSpecification> specifications, String type) {
        List<Tag> tags = new ArrayList<>();
        for (TagSpecification specification : specifications) {
            if (!type.equals(specification.resourceTypeAsString())) {
                throw Ec2Errors.invalidValue("'" + specification.resourceTypeAsString()
                        + "' is not a valid taggable resource type for this operation.");
            }
            tags.addAll(specification.tags());
        }
        return merged(List.of(), tags);
    }

    DescribeTagsResponse describe(DescribeTagsRequest request) {
        List<TagDescription> all = new ArrayList<>();
        network.kinds().forEach(kind -> kind.list().forEach(row -> row.tags().forEach(tag -> all.add(TagDescription.builder().resourceId(row.id())
                .resourceType(type(row.id())).key(tag.key()).value(tag.value()).build()))));
        Filters<TagDescription> filters = new Filters<TagDescription>(tag -> List.of()).by("key", TagDescription::key)
                .by("value", TagDescription::value)
                .by("resource-id", TagDescription::resourceId).by("resource-type", TagDescription::resourceTypeAsString);
        List<TagDescription> found = filters.apply(all, request.filters()).stream().sorted(Comparator.comparing(TagDescription::resourceId)
                .thenComparing(TagDescription::key)).toList();
        Pages.Page<TagDescription> page = Paging.of(found, tag -> tag.resourceId() + " " + tag.key(), request.nextToken(), request.maxResults());
        return DescribeTagsResponse.builder().tags(page.items()).nextToken(page.nextToken()).build();
    }

    private static String type(String id) {
        return TYPES.getOrDefault(id.substring(0, id.indexOf('-')), "unknown");
    }
}
