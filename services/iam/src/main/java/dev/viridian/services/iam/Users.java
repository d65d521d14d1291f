package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.iam.Identity.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreateUserRequest;
import software.amazon.awssdk.services.iam.model.CreateUserResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserResponse;
import software.amazon.awssdk.services.iam.model.GetUserRequest;
import software.amazon.awssdk.services.iam.model.GetUserResponse;
import software.amazon.awssdk.services.iam.model.ListUsersRequest;
import software.amazon.awssdk.services.iam.model.ListUsersResponse;
import software.amazon.awssdk.services.iam.model.UpdateUserRequest;
import software.amazon.awssdk.services.iam.model.UpdateUserResponse;
import software.amazon.awssdk.services.iam.model.User;

/// Operations on users.
final class Users {
    private final Identities identities;
    private final ManagedPolicies policies;
    private final Keys keys;
    private final GitCredentials gitCredentials;

    Users(Identities identities, ManagedPolicies policies, Keys keys, GitCredentials gitCredentials) {
        this.identities = identities;
        this.policies = policies;
        this.keys = keys;
        this.gitCredentials = gitCredentials;
    }

    CreateUserResponse create(CreateUserRequest request) {
        Optional<String> boundary = Optional.ofNullable(request.permissionsBoundary());
        boundary.ifPresent(policies::attachable);
        Identity user = identities.create(Kind.USER, request.path(), request.userName(), IamTags.of(request.tags()), boundary, Optional.empty());
        return CreateUserResponse.builder().user(Views.user(user)).build();
    }

    GetUserResponse get(GetUserRequest request) {
        Caller caller = Caller.current();
        if (request.userName() == null && caller.principal() instanceof Principal.Root root) {
            // root is no user, but answers like one
            return GetUserResponse.builder().user(User.builder().userId(root.account()).arn(root.arn()).build()).build();
        }
        return GetUserResponse.builder().user(Views.user(identities.get(Kind.USER, nameOrCaller(request.userName())))).build();
    }

    /// The user an operation means when it names none: the caller.
    static String nameOrCaller(@Nullable String name) {
        if (name != null) {
            return name;
        }
        if (Caller.current().principal() instanceof Principal.User user) {
            return user.name();
        }
        throw IamErrors.validation("Must specify userName when calling with non-User credentials");
    }

    ListUsersResponse list(ListUsersRequest request) {
        Pages.Page<Identity> page = IamErrors.page(identities.list(Kind.USER, request.pathPrefix()), Users::order, request.marker(),
                request.maxItems());
        return ListUsersResponse.builder().users(page.items().stream().map(Views::listed).toList()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    /// What lists are sorted by.
    static String order(Identity identity) {
        return identity.name().toLowerCase(Locale.ROOT);
    }

    UpdateUserResponse update(UpdateUserRequest request) {
        Identity user = identities.get(Kind.USER, request.userName());
        identities.rename(Kind.USER, user.name(), Optional.ofNullable(request.newPath())
                .orElse(user.path()), Optional.ofNullable(request.newUserName()).orElse(user.name()));
        return UpdateUserResponse.builder().build();
    }

    DeleteUserResponse delete(DeleteUserRequest request) {
        identities.delete(Kind.USER, request.userName(), user -> {
            if (!keys.of(user.account(), Optional.of(user.id())).isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must delete access keys first.");
            }
            if (!gitCredentials.of(user).isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must delete service specific credentials first.");
            }
            if (!user.groups().isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must remove users from group first.");
            }
        });
        return DeleteUserResponse.builder().build();
    }

    /// Members of a group, sorted by name.
    List<Identity> in(String group) {
        return identities.list(Kind.USER, null).stream().filter(user -> user.groups().contains(group)).toList();
    }
}
