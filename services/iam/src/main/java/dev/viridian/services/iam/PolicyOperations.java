package dev.viridian.services.iam;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.iam.Identity.Kind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.model.CreatePolicyRequest;
import software.amazon.awssdk.services.iam.model.CreatePolicyResponse;
import software.amazon.awssdk.services.iam.model.CreatePolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.CreatePolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.GetPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyRequest;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyResponse;
import software.amazon.awssdk.services.iam.model.ListPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListPolicyVersionsRequest;
import software.amazon.awssdk.services.iam.model.ListPolicyVersionsResponse;
import software.amazon.awssdk.services.iam.model.PolicyGroup;
import software.amazon.awssdk.services.iam.model.PolicyRole;
import software.amazon.awssdk.services.iam.model.PolicyScopeType;
import software.amazon.awssdk.services.iam.model.PolicyUsageType;
import software.amazon.awssdk.services.iam.model.PolicyUser;
import software.amazon.awssdk.services.iam.model.TagPolicyRequest;
import software.amazon.awssdk.services.iam.model.UntagPolicyRequest;

/// Operations on managed policies.
final class PolicyOperations {
    private final ManagedPolicies policies;

    PolicyOperations(ManagedPolicies policies) {
        this.policies = policies;
    }

    CreatePolicyResponse create(CreatePolicyRequest request) {
        ManagedPolicy policy = policies.create(request.path(), request.policyName(), request.policyDocument(), request.description(),
                IamTags.of(request.tags()));
        return CreatePolicyResponse.builder().policy(Views.policy(policy, 0, 0).toBuilder().tags(IamTags.list(policy.tags())).build()).build();
    }

    GetPolicyResponse get(GetPolicyRequest request) {
        ManagedPolicy policy = policies.get(request.policyArn());
        return GetPolicyResponse.builder().policy(Views.policy(policy, policies.attachments(policy.arn()), policies.boundaries(policy.arn()))
                .toBuilder()
                .description(policy.description().orElse(null)).tags(IamTags.list(policy.tags())).build()).build();
    }

    ListPoliciesResponse list(ListPoliciesRequest request) {
        PolicyScopeType scope = request.scope() == null ? PolicyScopeType.ALL : request.scope();
        boolean asBoundary = request.policyUsageFilter() == PolicyUsageType.PERMISSIONS_BOUNDARY;
        List<ManagedPolicy> all = policies.list(scope != PolicyScopeType.LOCAL, scope != PolicyScopeType.AWS).stream()
                .filter(policy -> request.pathPrefix() == null || policy.path().startsWith(request.pathPrefix()))
                .filter(policy -> !Boolean.TRUE.equals(request.onlyAttached()) || policies.attachments(policy.arn()) > 0)
                .filter(policy -> !asBoundary || policies.boundaries(policy.arn()) > 0).toList();
        Pages.Page<ManagedPolicy> page = IamErrors.page(all, ManagedPolicy::arn, request.marker(), request.maxItems());
        return ListPoliciesResponse.builder().policies(page.items().stream()
                .map(policy -> Views.policy(policy, policies.attachments(policy.arn()), policies.boundaries(policy.arn()))).toList())
                .isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    CreatePolicyVersionResponse create(CreatePolicyVersionRequest request) {
        ManagedPolicy.Version version = policies.newVersion(request.policyArn(), request.policyDocument(),
                Boolean.TRUE.equals(request.setAsDefault()));
        return CreatePolicyVersionResponse.builder().policyVersion(Views.version(policies.get(request.policyArn()), version)).build();
    }

    GetPolicyVersionResponse get(GetPolicyVersionRequest request) {
        ManagedPolicy policy = policies.get(request.policyArn());
        ManagedPolicy.Version version = policy.version(request.versionId());
        return GetPolicyVersionResponse.builder().policyVersion(Views.version(policy, version).toBuilder()
                .document(Documents.encode(version.document())).build()).build();
    }

    ListPolicyVersionsResponse list(ListPolicyVersionsRequest request) {
        ManagedPolicy policy = policies.get(request.policyArn());
        return ListPolicyVersionsResponse.builder().versions(policy.versions().reversed().stream().map(version -> Views.version(policy, version))
                .toList())
                .isTruncated(false).build();
    }

    ListEntitiesForPolicyResponse list(ListEntitiesForPolicyRequest request) {
        String arn = policies.get(request.policyArn()).arn();
        boolean asBoundary = request.policyUsageFilter() == PolicyUsageType.PERMISSIONS_BOUNDARY;
        List<Identity> all = (asBoundary ? policies.bounded(arn) : policies.attachedTo(arn)).stream()
                .filter(identity -> request.pathPrefix() == null || identity.path().startsWith(request.pathPrefix()))
                .filter(identity -> isMeant(request.entityFilter(), identity.kind())).sorted(Comparator.comparing(Identity::arn)).toList();
        Pages.Page<Identity> page = IamErrors.page(all, Identity::arn, request.marker(), request.maxItems());
        return ListEntitiesForPolicyResponse.builder()
                .policyUsers(of(page, Kind.USER).map(i -> PolicyUser.builder().userName(i.name()).userId(i.id()).build()).toList())
                .policyGroups(of(page, Kind.GROUP).map(i -> PolicyGroup.builder().groupName(i.name()).groupId(i.id()).build()).toList())
                .policyRoles(of(page, Kind.ROLE).map(i -> PolicyRole.builder().roleName(i.name()).roleId(i.id()).build()).toList())
                .isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    private static boolean isMeant(EntityType filter, Kind kind) {
        return filter == null || filter.toString().equals(kind.title());
    }

    private static Stream<Identity> of(Pages.Page<Identity> page, Kind kind) {
        return page.items().stream().filter(identity -> identity.kind() == kind);
    }

    void tag(TagPolicyRequest request) {
        policies.change(request.policyArn(), policy -> {
            Map<String, String> next = new LinkedHashMap<>(policy.tags());
            next.putAll(IamTags.of(request.tags()));
            return policy.withTags(IamTags.checked(next));
        });
    }

    void untag(UntagPolicyRequest request) {
        policies.change(request.policyArn(), policy -> {
            Map<String, String> next = new LinkedHashMap<>(policy.tags());
            request.tagKeys().forEach(next::remove);
            return policy.withTags(next);
        });
    }
}
