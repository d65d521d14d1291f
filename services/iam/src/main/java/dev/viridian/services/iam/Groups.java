package dev.viridian.services.iam;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.iam.Identity.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.AddUserToGroupRequest;
import software.amazon.awssdk.services.iam.model.AddUserToGroupResponse;
import software.amazon.awssdk.services.iam.model.CreateGroupRequest;
import software.amazon.awssdk.services.iam.model.CreateGroupResponse;
import software.amazon.awssdk.services.iam.model.DeleteGroupRequest;
import software.amazon.awssdk.services.iam.model.DeleteGroupResponse;
import software.amazon.awssdk.services.iam.model.GetGroupRequest;
import software.amazon.awssdk.services.iam.model.GetGroupResponse;
import software.amazon.awssdk.services.iam.model.ListGroupsForUserRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsForUserResponse;
import software.amazon.awssdk.services.iam.model.ListGroupsRequest;
import software.amazon.awssdk.services.iam.model.ListGroupsResponse;
import software.amazon.awssdk.services.iam.model.RemoveUserFromGroupRequest;
import software.amazon.awssdk.services.iam.model.RemoveUserFromGroupResponse;

/// Operations on groups.
final class Groups {
    private static final int MOST_PER_USER = 10;

    private final Identities identities;
    private final Users users;

    Groups(Identities identities, Users users) {
        this.identities = identities;
        this.users = users;
    }

    CreateGroupResponse create(CreateGroupRequest request) {
        Identity group = identities.create(Kind.GROUP, request.path(), request.groupName(), Map.of(), Optional.empty(), Optional.empty());
        return CreateGroupResponse.builder().group(Views.group(group)).build();
    }

    GetGroupResponse get(GetGroupRequest request) {
        Identity group = identities.get(Kind.GROUP, request.groupName());
        Pages.Page<Identity> page = IamErrors.page(users.in(group.name()), Users::order, request.marker(), request.maxItems());
        return GetGroupResponse.builder().group(Views.group(group)).users(page.items().stream().map(Views::listed).toList())
                .isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    ListGroupsResponse list(ListGroupsRequest request) {
        Pages.Page<Identity> page = IamErrors.page(identities.list(Kind.GROUP, request.pathPrefix()), Users::order, request.marker(),
                request.maxItems());
        return ListGroupsResponse.builder().groups(page.items().stream().map(Views::group).toList()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    ListGroupsForUserResponse list(ListGroupsForUserRequest request) {
        Identity user = identities.get(Kind.USER, request.userName());
        List<Identity> groups = identities.list(Kind.GROUP, null).stream().filter(group -> user.groups().contains(group.name())).toList();
        Pages.Page<Identity> page = IamErrors.page(groups, Users::order, request.marker(), request.maxItems());
        return ListGroupsForUserResponse.builder().groups(page.items().stream().map(Views::group).toList()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    DeleteGroupResponse delete(DeleteGroupRequest request) {
        identities.delete(Kind.GROUP, request.groupName(), group -> {
            if (!users.in(group.name()).isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must remove users from group first.");
            }
        });
        return DeleteGroupResponse.builder().build();
    }

    AddUserToGroupResponse add(AddUserToGroupRequest request) {
        Identity group = identities.get(Kind.GROUP, request.groupName());
        identities.change(Kind.USER, request.userName(), user -> {
            Identity next = user.join(group.name());
            if (next.groups().size() > MOST_PER_USER) {
                throw IamErrors.limitExceeded("Cannot exceed quota for GroupsPerUser: " + MOST_PER_USER);
            }
            return next;
        });
        return AddUserToGroupResponse.builder().build();
    }

    RemoveUserFromGroupResponse remove(RemoveUserFromGroupRequest request) {
        identities.get(Kind.GROUP, request.groupName());
        identities.change(Kind.USER, request.userName(), user -> user.leave(request.groupName()));
        return RemoveUserFromGroupResponse.builder().build();
    }
}
