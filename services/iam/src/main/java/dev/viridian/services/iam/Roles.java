package dev.viridian.services.iam;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.Identity.RoleDetail;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.ListRolesRequest;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.RoleLastUsed;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleResponse;

/// Operations on roles.
final class Roles {
    private static final int MOST_TRUST_CHARACTERS = 4096;
    private static final Duration USUAL_SESSION = Duration.ofHours(1);

    private final Identities identities;
    private final ManagedPolicies policies;
    private final InstanceProfiles profiles;

    Roles(Identities identities, ManagedPolicies policies, InstanceProfiles profiles) {
        this.identities = identities;
        this.policies = policies;
        this.profiles = profiles;
    }

    CreateRoleResponse create(CreateRoleRequest request) {
        if (request.path() != null && request.path().startsWith("/aws-service-role/")) {
            throw IamErrors.invalidInput("Path " + request.path() + " is reserved for service-linked roles.");
        }
        checkTrust(request.assumeRolePolicyDocument());
        Optional<String> boundary = Optional.ofNullable(request.permissionsBoundary());
        boundary.ifPresent(policies::attachable);
        RoleDetail detail = new RoleDetail(request.assumeRolePolicyDocument(), Optional.ofNullable(request.description()),
                session(request.maxSessionDuration()),
                Optional.empty(), Optional.empty());
        Identity role = identities.create(Kind.ROLE, request.path(), request.roleName(), IamTags.of(request.tags()), boundary, Optional.of(detail));
        return CreateRoleResponse.builder().role(Views.role(role).toBuilder()
                .roleLastUsed((RoleLastUsed) null).build()).build();
    }

    private void checkTrust(String document) {
        Documents.checkTrust(document, arn -> identities.find(arn).isPresent());
        if (Documents.weight(document) > MOST_TRUST_CHARACTERS) {
            throw IamErrors.limitExceeded("Cannot exceed quota for ACLSizePerRole: " + MOST_TRUST_CHARACTERS);
        }
    }

    private static Duration session(@Nullable Integer seconds) {
        return seconds == null ? USUAL_SESSION : Duration.ofSeconds(seconds);
    }

    GetRoleResponse get(GetRoleRequest request) {
        return GetRoleResponse.builder().role(Views.role(identities.get(Kind.ROLE, request.roleName()))).build();
    }

    ListRolesResponse list(ListRolesRequest request) {
        Pages.Page<Identity> page = IamErrors.page(identities.list(Kind.ROLE, request.pathPrefix()), Users::order, request.marker(),
                request.maxItems());
        return ListRolesResponse.builder().roles(page.items().stream().map(Views::listedRole).toList()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    UpdateRoleResponse update(UpdateRoleRequest request) {
        change(request.roleName(), d -> new RoleDetail(d.trust(), request.description() == null ? d.description()
                : Optional.of(request.description()),
                request.maxSessionDuration() == null ? d.longestSession() : session(request.maxSessionDuration()), d.lastUsed(), d.lastRegion()));
        return UpdateRoleResponse.builder().build();
    }

    UpdateRoleDescriptionResponse update(UpdateRoleDescriptionRequest request) {
        Identity role = change(request.roleName(), d ->
                new RoleDetail(d.trust(), Optional.of(request.description()), d.longestSession(), d.lastUsed(), d.lastRegion()));
        return UpdateRoleDescriptionResponse.builder().role(Views.role(role)).build();
    }

    UpdateAssumeRolePolicyResponse update(UpdateAssumeRolePolicyRequest request) {
        identities.get(Kind.ROLE, request.roleName());
        checkTrust(request.policyDocument());
        change(request.roleName(), d -> new RoleDetail(request.policyDocument(), d.description(), d.longestSession(), d.lastUsed(), d.lastRegion()));
        return UpdateAssumeRolePolicyResponse.builder().build();
    }

    private Identity change(String name, UnaryOperator<RoleDetail> change) {
        return identities.change(Kind.ROLE, name, role -> mine(role).with(change.apply(role.detail())));
    }

    /// Roles linked to a service are changed by that service only.
    static Identity mine(Identity role) {
        if (role.isServiceLinked()) {
            throw IamErrors.unmodifiable("Cannot perform the operation on the protected role '" + role.name()
                    + "' - this role is only modifiable by AWS");
        }
        return role;
    }

    DeleteRoleResponse delete(DeleteRoleRequest request) {
        identities.delete(Kind.ROLE, request.roleName(), role -> {
            mine(role);
            if (!profiles.of(role.name()).isEmpty()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
            }
        });
        return DeleteRoleResponse.builder().build();
    }
}
