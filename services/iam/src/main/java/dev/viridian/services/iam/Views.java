package dev.viridian.services.iam;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.PermissionsBoundaryAttachmentType;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleLastUsed;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;

/// Our records as IAM's answers show them. Lists show less than single answers do: no tags, no boundary, no last use.
final class Views {
    private Views() {}

    static User user(Identity user) {
        return listed(user).toBuilder().tags(tags(user)).permissionsBoundary(boundary(user)).build();
    }

    static User listed(Identity user) {
        return User.builder().path(user.path()).userName(user.name()).userId(user.id()).arn(user.arn()).createDate(user.created()).build();
    }

    static Role role(Identity role) {
        RoleLastUsed used = RoleLastUsed.builder().lastUsedDate(role.detail().lastUsed().orElse(null)).region(role.detail().lastRegion().orElse(null))
                .build();
        return listedRole(role).toBuilder().tags(tags(role)).permissionsBoundary(boundary(role)).roleLastUsed(used).build();
    }

    static Role listedRole(Identity role) {
        return Role.builder().path(role.path()).roleName(role.name()).roleId(role.id()).arn(role.arn()).createDate(role.created())
                .assumeRolePolicyDocument(Documents.encode(role.detail().trust())).description(role.detail().description().orElse(null))
                .maxSessionDuration((int) role.detail().longestSession().toSeconds()).build();
    }

    static Group group(Identity group) {
        return Group.builder().path(group.path()).groupName(group.name()).groupId(group.id()).arn(group.arn()).createDate(group.created()).build();
    }

    static Policy policy(ManagedPolicy policy, int attachments, int boundaries) {
        return Policy.builder().policyName(policy.name()).policyId(policy.id()).arn(policy.arn()).path(policy.path())
                .defaultVersionId(policy.defaultVersion())
                .attachmentCount(attachments).permissionsBoundaryUsageCount(boundaries).isAttachable(true).createDate(policy.created())
                .updateDate(policy.updated()).build();
    }

    static PolicyVersion version(ManagedPolicy policy, ManagedPolicy.Version version) {
        return PolicyVersion.builder().versionId(version.id()).isDefaultVersion(version.id().equals(policy.defaultVersion()))
                .createDate(version.created()).build();
    }

    private static @Nullable List<Tag> tags(Identity identity) {
        List<Tag> tags = IamTags.list(identity.tags());
        return tags.isEmpty() ? null : tags;
    }

    private static @Nullable AttachedPermissionsBoundary boundary(Identity identity) {
        return identity.boundary().map(arn -> AttachedPermissionsBoundary.builder().permissionsBoundaryArn(arn)
                .permissionsBoundaryType(PermissionsBoundaryAttachmentType.PERMISSIONS_BOUNDARY_POLICY).build()).orElse(null);
    }
}
