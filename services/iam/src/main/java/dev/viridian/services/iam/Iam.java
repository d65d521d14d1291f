package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.policy.Evaluator.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;

/// AWS IAM of this process, and the questions others have about keys and permissions. See the package for what differs from AWS.
public final class Iam implements IamClient {
    private final Keys keys;
    private final Identities identities;
    private final ManagedPolicies managed;
    private final GitCredentials gitCredentials;
    private final ServerCertificates serverCertificates;
    private final Users users;
    private final Groups groups;
    private final InstanceProfiles profiles;
    private final Roles roles;
    private final ServiceLinkedRoles linked;
    private final AccessKeyOperations accessKeys;
    private final PolicyOperations policies;
    private final Attachments attachments;
    private final Account account;
    private final Authority authority;
    private final Simulation simulation;

    /// As the other one, with nobody who uses server certificates.
    public Iam(Store store, Time time, String defaultAccount) {
        this(store, time, defaultAccount, _ -> List.of());
    }

    /// @param defaultAccount whose root the key pair `test`/`test` is
    /// @param certificateUsers asked before a server certificate is deleted
    public Iam(Store store, Time time, String defaultAccount, CertificateUsers certificateUsers) {
        this.identities = new Identities(store, time);
        this.keys = new Keys(store, identities, defaultAccount);
        this.managed = new ManagedPolicies(store, identities);
        this.gitCredentials = new GitCredentials(store, identities, keys);
        this.serverCertificates = new ServerCertificates(store, identities, certificateUsers);
        this.users = new Users(identities, managed, keys, gitCredentials);
        this.groups = new Groups(identities, users);
        this.profiles = new InstanceProfiles(store, identities);
        this.roles = new Roles(identities, managed, profiles);
        this.linked = new ServiceLinkedRoles(identities);
        this.accessKeys = new AccessKeyOperations(identities, keys);
        this.policies = new PolicyOperations(managed);
        this.attachments = new Attachments(identities, managed);
        this.account = new Account(store, identities, managed);
        this.authority = new Authority(identities, managed, keys);
        this.simulation = new Simulation(identities, managed, authority);
    }

    /// What stands behind an access key id: for whoever verifies signatures.
    public Optional<KnownKey> accessKey(String id) {
        return keys.find(id);
    }

    /// Whom a git user name and password belong to, if the pair is right and may be used.
    public Optional<GitLogin> gitLogin(String userName, String password) {
        return gitCredentials.login(userName, password);
    }

    /// The server certificate under this ARN with its key, for whoever serves it.
    public Optional<ServedCertificate> serverCertificate(String arn) {
        return serverCertificates.served(arn);
    }

    /// Whether a caller may do something, by the policies stored here.
    ///
    /// @param accessKeyId with which the caller signed, so that session policies count; may be unknown
    /// @param action e.g. `codebuild:StartBuild`
    /// @param resource its ARN, or `*`
    /// @param resourcePolicy of the resource, if it has one, with the account that owns the resource
    /// @param context condition keys; those that follow from the caller are added
    public Verdict decide(Caller caller, Optional<String> accessKeyId, String action, String resource, Optional<ResourcePolicy> resourcePolicy,
            Map<String, List<String>> context) {
        return authority.decide(caller, accessKeyId, action, resource, resourcePolicy, context);
    }

    /// What [Sts] needs to share.
    Keys keys() {
        return keys;
    }

    Identities identities() {
        return identities;
    }

    Authority authority() {
        return authority;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // the store belongs to the assembly
    }

    // users

    @Override
    public CreateUserResponse createUser(CreateUserRequest request) {
        return users.create(request);
    }

    @Override
    public GetUserResponse getUser(GetUserRequest request) {
        return users.get(request);
    }

    @Override
    public ListUsersResponse listUsers(ListUsersRequest request) {
        return users.list(request);
    }

    @Override
    public UpdateUserResponse updateUser(UpdateUserRequest request) {
        return users.update(request);
    }

    @Override
    public DeleteUserResponse deleteUser(DeleteUserRequest request) {
        return users.delete(request);
    }

    // groups

    @Override
    public CreateGroupResponse createGroup(CreateGroupRequest request) {
        return groups.create(request);
    }

    @Override
    public GetGroupResponse getGroup(GetGroupRequest request) {
        return groups.get(request);
    }

    @Override
    public ListGroupsResponse listGroups(ListGroupsRequest request) {
        return groups.list(request);
    }

    @Override
    public ListGroupsForUserResponse listGroupsForUser(ListGroupsForUserRequest request) {
        return groups.list(request);
    }

    @Override
    public DeleteGroupResponse deleteGroup(DeleteGroupRequest request) {
        return groups.delete(request);
    }

    @Override
    public AddUserToGroupResponse addUserToGroup(AddUserToGroupRequest request) {
        return groups.add(request);
    }

    @Override
    public RemoveUserFromGroupResponse removeUserFromGroup(RemoveUserFromGroupRequest request) {
        return groups.remove(request);
    }

    // roles

    @Override
    public CreateRoleResponse createRole(CreateRoleRequest request) {
        return roles.create(request);
    }

    @Override
    public GetRoleResponse getRole(GetRoleRequest request) {
        return roles.get(request);
    }

    @Override
    public ListRolesResponse listRoles(ListRolesRequest request) {
        return roles.list(request);
    }

    @Override
    public UpdateRoleResponse updateRole(UpdateRoleRequest request) {
        return roles.update(request);
    }

    @Override
    public UpdateRoleDescriptionResponse updateRoleDescription(UpdateRoleDescriptionRequest request) {
        return roles.update(request);
    }

    @Override
    public UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(UpdateAssumeRolePolicyRequest request) {
        return roles.update(request);
    }

    @Override
    public DeleteRoleResponse deleteRole(DeleteRoleRequest request) {
        return roles.delete(request);
    }

    @Override
    public CreateServiceLinkedRoleResponse createServiceLinkedRole(CreateServiceLinkedRoleRequest request) {
        return linked.create(request);
    }

    @Override
    public DeleteServiceLinkedRoleResponse deleteServiceLinkedRole(DeleteServiceLinkedRoleRequest request) {
        return linked.delete(request);
    }

    @Override
    public GetServiceLinkedRoleDeletionStatusResponse getServiceLinkedRoleDeletionStatus(GetServiceLinkedRoleDeletionStatusRequest request) {
        return linked.status(request);
    }

    // instance profiles

    @Override
    public CreateInstanceProfileResponse createInstanceProfile(CreateInstanceProfileRequest request) {
        return profiles.create(request);
    }

    @Override
    public GetInstanceProfileResponse getInstanceProfile(GetInstanceProfileRequest request) {
        return profiles.get(request);
    }

    @Override
    public ListInstanceProfilesResponse listInstanceProfiles(ListInstanceProfilesRequest request) {
        return profiles.list(request);
    }

    @Override
    public ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(ListInstanceProfilesForRoleRequest request) {
        return profiles.list(request);
    }

    @Override
    public AddRoleToInstanceProfileResponse addRoleToInstanceProfile(AddRoleToInstanceProfileRequest request) {
        return profiles.add(request);
    }

    @Override
    public RemoveRoleFromInstanceProfileResponse removeRoleFromInstanceProfile(RemoveRoleFromInstanceProfileRequest request) {
        return profiles.remove(request);
    }

    @Override
    public DeleteInstanceProfileResponse deleteInstanceProfile(DeleteInstanceProfileRequest request) {
        return profiles.delete(request);
    }

    // keys

    @Override
    public CreateAccessKeyResponse createAccessKey(CreateAccessKeyRequest request) {
        return accessKeys.create(request);
    }

    @Override
    public ListAccessKeysResponse listAccessKeys(ListAccessKeysRequest request) {
        return accessKeys.list(request);
    }

    @Override
    public UpdateAccessKeyResponse updateAccessKey(UpdateAccessKeyRequest request) {
        return accessKeys.update(request);
    }

    @Override
    public DeleteAccessKeyResponse deleteAccessKey(DeleteAccessKeyRequest request) {
        return accessKeys.delete(request);
    }

    @Override
    public CreateServiceSpecificCredentialResponse createServiceSpecificCredential(CreateServiceSpecificCredentialRequest request) {
        return gitCredentials.create(request);
    }

    @Override
    public ListServiceSpecificCredentialsResponse listServiceSpecificCredentials(ListServiceSpecificCredentialsRequest request) {
        return gitCredentials.list(request);
    }

    @Override
    public UpdateServiceSpecificCredentialResponse updateServiceSpecificCredential(UpdateServiceSpecificCredentialRequest request) {
        return gitCredentials.update(request);
    }

    @Override
    public ResetServiceSpecificCredentialResponse resetServiceSpecificCredential(ResetServiceSpecificCredentialRequest request) {
        return gitCredentials.reset(request);
    }

    @Override
    public DeleteServiceSpecificCredentialResponse deleteServiceSpecificCredential(DeleteServiceSpecificCredentialRequest request) {
        return gitCredentials.delete(request);
    }

    // server certificates

    @Override
    public UploadServerCertificateResponse uploadServerCertificate(UploadServerCertificateRequest request) {
        return serverCertificates.upload(request);
    }

    @Override
    public GetServerCertificateResponse getServerCertificate(GetServerCertificateRequest request) {
        return serverCertificates.get(request);
    }

    @Override
    public ListServerCertificatesResponse listServerCertificates(ListServerCertificatesRequest request) {
        return serverCertificates.list(request);
    }

    @Override
    public UpdateServerCertificateResponse updateServerCertificate(UpdateServerCertificateRequest request) {
        return serverCertificates.update(request);
    }

    @Override
    public DeleteServerCertificateResponse deleteServerCertificate(DeleteServerCertificateRequest request) {
        return serverCertificates.delete(request);
    }

    @Override
    public TagServerCertificateResponse tagServerCertificate(TagServerCertificateRequest request) {
        return serverCertificates.tag(request);
    }

    @Override
    public UntagServerCertificateResponse untagServerCertificate(UntagServerCertificateRequest request) {
        return serverCertificates.untag(request);
    }

    @Override
    public ListServerCertificateTagsResponse listServerCertificateTags(ListServerCertificateTagsRequest request) {
        return serverCertificates.tags(request);
    }

    // managed policies

    @Override
    public CreatePolicyResponse createPolicy(CreatePolicyRequest request) {
        return policies.create(request);
    }

    @Override
    public GetPolicyResponse getPolicy(GetPolicyRequest request) {
        return policies.get(request);
    }

    @Override
    public ListPoliciesResponse listPolicies(ListPoliciesRequest request) {
        return policies.list(request);
    }

    @Override
    public CreatePolicyVersionResponse createPolicyVersion(CreatePolicyVersionRequest request) {
        return policies.create(request);
    }

    @Override
    public GetPolicyVersionResponse getPolicyVersion(GetPolicyVersionRequest request) {
        return policies.get(request);
    }

    @Override
    public ListPolicyVersionsResponse listPolicyVersions(ListPolicyVersionsRequest request) {
        return policies.list(request);
    }

    @Override
    public ListEntitiesForPolicyResponse listEntitiesForPolicy(ListEntitiesForPolicyRequest request) {
        return policies.list(request);
    }

    @Override
    public DeletePolicyResponse deletePolicy(DeletePolicyRequest request) {
        managed.delete(request.policyArn());
        return DeletePolicyResponse.builder().build();
    }

    @Override
    public SetDefaultPolicyVersionResponse setDefaultPolicyVersion(SetDefaultPolicyVersionRequest request) {
        managed.setDefault(request.policyArn(), request.versionId());
        return SetDefaultPolicyVersionResponse.builder().build();
    }

    @Override
    public DeletePolicyVersionResponse deletePolicyVersion(DeletePolicyVersionRequest request) {
        managed.deleteVersion(request.policyArn(), request.versionId());
        return DeletePolicyVersionResponse.builder().build();
    }

    @Override
    public TagPolicyResponse tagPolicy(TagPolicyRequest request) {
        policies.tag(request);
        return TagPolicyResponse.builder().build();
    }

    @Override
    public UntagPolicyResponse untagPolicy(UntagPolicyRequest request) {
        policies.untag(request);
        return UntagPolicyResponse.builder().build();
    }

    @Override
    public ListPolicyTagsResponse listPolicyTags(ListPolicyTagsRequest request) {
        return ListPolicyTagsResponse.builder().tags(IamTags.list(managed.get(request.policyArn()).tags())).isTruncated(false).build();
    }

    // policies of users

    @Override
    public AttachUserPolicyResponse attachUserPolicy(AttachUserPolicyRequest request) {
        attachments.attach(Kind.USER, request.userName(), request.policyArn());
        return AttachUserPolicyResponse.builder().build();
    }

    @Override
    public DetachUserPolicyResponse detachUserPolicy(DetachUserPolicyRequest request) {
        attachments.detach(Kind.USER, request.userName(), request.policyArn());
        return DetachUserPolicyResponse.builder().build();
    }

    @Override
    public ListAttachedUserPoliciesResponse listAttachedUserPolicies(ListAttachedUserPoliciesRequest request) {
        Pages.Page<AttachedPolicy> page = attachments.attached(Kind.USER, request.userName(), request.pathPrefix(), request.marker(),
                request.maxItems());
        return ListAttachedUserPoliciesResponse.builder().attachedPolicies(page.items()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    @Override
    public PutUserPolicyResponse putUserPolicy(PutUserPolicyRequest request) {
        attachments.put(Kind.USER, request.userName(), request.policyName(), request.policyDocument());
        return PutUserPolicyResponse.builder().build();
    }

    @Override
    public GetUserPolicyResponse getUserPolicy(GetUserPolicyRequest request) {
        return GetUserPolicyResponse.builder().userName(request.userName()).policyName(request.policyName())
                .policyDocument(attachments.get(Kind.USER, request.userName(), request.policyName())).build();
    }

    @Override
    public ListUserPoliciesResponse listUserPolicies(ListUserPoliciesRequest request) {
        Pages.Page<String> page = attachments.inline(Kind.USER, request.userName(), request.marker(), request.maxItems());
        return ListUserPoliciesResponse.builder().policyNames(page.items()).isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    @Override
    public DeleteUserPolicyResponse deleteUserPolicy(DeleteUserPolicyRequest request) {
        attachments.delete(Kind.USER, request.userName(), request.policyName());
        return DeleteUserPolicyResponse.builder().build();
    }

    @Override
    public PutUserPermissionsBoundaryResponse putUserPermissionsBoundary(PutUserPermissionsBoundaryRequest request) {
        attachments.bound(Kind.USER, request.userName(), request.permissionsBoundary());
        return PutUserPermissionsBoundaryResponse.builder().build();
    }

    @Override
    public DeleteUserPermissionsBoundaryResponse deleteUserPermissionsBoundary(DeleteUserPermissionsBoundaryRequest request) {
        attachments.unbound(Kind.USER, request.userName());
        return DeleteUserPermissionsBoundaryResponse.builder().build();
    }

    @Override
    public TagUserResponse tagUser(TagUserRequest request) {
        identities.change(Kind.USER, request.userName(), found -> tagged(found, request.tags()));
        return TagUserResponse.builder().build();
    }

    @Override
    public UntagUserResponse untagUser(UntagUserRequest request) {
        identities.change(Kind.USER, request.userName(), found -> found.untagged(request.tagKeys()));
        return UntagUserResponse.builder().build();
    }

    @Override
    public ListUserTagsResponse listUserTags(ListUserTagsRequest request) {
        return ListUserTagsResponse.builder().tags(IamTags.list(identities.get(Kind.USER, request.userName()).tags())).isTruncated(false).build();
    }

    // policies of groups

    @Override
    public AttachGroupPolicyResponse attachGroupPolicy(AttachGroupPolicyRequest request) {
        attachments.attach(Kind.GROUP, request.groupName(), request.policyArn());
        return AttachGroupPolicyResponse.builder().build();
    }

    @Override
    public DetachGroupPolicyResponse detachGroupPolicy(DetachGroupPolicyRequest request) {
        attachments.detach(Kind.GROUP, request.groupName(), request.policyArn());
        return DetachGroupPolicyResponse.builder().build();
    }

    @Override
    public ListAttachedGroupPoliciesResponse listAttachedGroupPolicies(ListAttachedGroupPoliciesRequest request) {
        Pages.Page<AttachedPolicy> page = attachments.attached(Kind.GROUP, request.groupName(), request.pathPrefix(), request.marker(),
                request.maxItems());
        return ListAttachedGroupPoliciesResponse.builder().attachedPolicies(page.items()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    @Override
    public PutGroupPolicyResponse putGroupPolicy(PutGroupPolicyRequest request) {
        attachments.put(Kind.GROUP, request.groupName(), request.policyName(), request.policyDocument());
        return PutGroupPolicyResponse.builder().build();
    }

    @Override
    public GetGroupPolicyResponse getGroupPolicy(GetGroupPolicyRequest request) {
        return GetGroupPolicyResponse.builder().groupName(request.groupName()).policyName(request.policyName())
                .policyDocument(attachments.get(Kind.GROUP, request.groupName(), request.policyName())).build();
    }

    @Override
    public ListGroupPoliciesResponse listGroupPolicies(ListGroupPoliciesRequest request) {
        Pages.Page<String> page = attachments.inline(Kind.GROUP, request.groupName(), request.marker(), request.maxItems());
        return ListGroupPoliciesResponse.builder().policyNames(page.items()).isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    @Override
    public DeleteGroupPolicyResponse deleteGroupPolicy(DeleteGroupPolicyRequest request) {
        attachments.delete(Kind.GROUP, request.groupName(), request.policyName());
        return DeleteGroupPolicyResponse.builder().build();
    }

    // policies of roles

    @Override
    public AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest request) {
        attachments.attach(Kind.ROLE, request.roleName(), request.policyArn());
        return AttachRolePolicyResponse.builder().build();
    }

    @Override
    public DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest request) {
        attachments.detach(Kind.ROLE, request.roleName(), request.policyArn());
        return DetachRolePolicyResponse.builder().build();
    }

    @Override
    public ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest request) {
        Pages.Page<AttachedPolicy> page = attachments.attached(Kind.ROLE, request.roleName(), request.pathPrefix(), request.marker(),
                request.maxItems());
        return ListAttachedRolePoliciesResponse.builder().attachedPolicies(page.items()).isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    @Override
    public PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest request) {
        attachments.put(Kind.ROLE, request.roleName(), request.policyName(), request.policyDocument());
        return PutRolePolicyResponse.builder().build();
    }

    @Override
    public GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest request) {
        return GetRolePolicyResponse.builder().roleName(request.roleName()).policyName(request.policyName())
                .policyDocument(attachments.get(Kind.ROLE, request.roleName(), request.policyName())).build();
    }

    @Override
    public ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest request) {
        Pages.Page<String> page = attachments.inline(Kind.ROLE, request.roleName(), request.marker(), request.maxItems());
        return ListRolePoliciesResponse.builder().policyNames(page.items()).isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    @Override
    public DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest request) {
        attachments.delete(Kind.ROLE, request.roleName(), request.policyName());
        return DeleteRolePolicyResponse.builder().build();
    }

    @Override
    public PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(PutRolePermissionsBoundaryRequest request) {
        attachments.bound(Kind.ROLE, request.roleName(), request.permissionsBoundary());
        return PutRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(DeleteRolePermissionsBoundaryRequest request) {
        attachments.unbound(Kind.ROLE, request.roleName());
        return DeleteRolePermissionsBoundaryResponse.builder().build();
    }

    @Override
    public TagRoleResponse tagRole(TagRoleRequest request) {
        identities.change(Kind.ROLE, request.roleName(), found -> tagged(found, request.tags()));
        return TagRoleResponse.builder().build();
    }

    @Override
    public UntagRoleResponse untagRole(UntagRoleRequest request) {
        identities.change(Kind.ROLE, request.roleName(), found -> found.untagged(request.tagKeys()));
        return UntagRoleResponse.builder().build();
    }

    @Override
    public ListRoleTagsResponse listRoleTags(ListRoleTagsRequest request) {
        return ListRoleTagsResponse.builder().tags(IamTags.list(identities.get(Kind.ROLE, request.roleName()).tags())).isTruncated(false).build();
    }

    // the account

    @Override
    public GetAccountSummaryResponse getAccountSummary(GetAccountSummaryRequest request) {
        return account.summary(request);
    }

    @Override
    public ListAccountAliasesResponse listAccountAliases(ListAccountAliasesRequest request) {
        return account.aliases(request);
    }

    @Override
    public CreateAccountAliasResponse createAccountAlias(CreateAccountAliasRequest request) {
        return account.create(request);
    }

    @Override
    public DeleteAccountAliasResponse deleteAccountAlias(DeleteAccountAliasRequest request) {
        return account.delete(request);
    }

    @Override
    public SimulatePrincipalPolicyResponse simulatePrincipalPolicy(SimulatePrincipalPolicyRequest request) {
        return simulation.principal(request);
    }

    @Override
    public SimulateCustomPolicyResponse simulateCustomPolicy(SimulateCustomPolicyRequest request) {
        return simulation.custom(request);
    }

    private static Identity tagged(Identity identity, List<Tag> tags) {
        Identity next = identity.tagged(IamTags.of(tags));
        IamTags.checked(next.tags());
        return next;
    }
}
