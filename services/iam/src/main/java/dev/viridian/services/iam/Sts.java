package dev.viridian.services.iam;

import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.services.iam.policy.MalformedPolicy;
import dev.viridian.services.iam.policy.PolicyRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumedRoleUser;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoRequest;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;
import software.amazon.awssdk.services.sts.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.sts.model.PackedPolicyTooLargeException;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/// AWS STS of this process: who is calling, and sessions of roles and users.
public final class Sts implements StsClient {
    private static final Duration USUAL_ROLE_SESSION = Duration.ofHours(1);
    private static final Duration LONGEST_CHAINED = Duration.ofHours(1);
    private static final Duration USUAL_USER_SESSION = Duration.ofHours(12);
    private static final Duration LONGEST_ROOT_SESSION = Duration.ofHours(1);
    private static final int MOST_POLICY_CHARACTERS = 2048;

    private final Identities identities;
    private final Keys keys;
    private final Authority authority;

    public Sts(Iam iam) {
        this.identities = iam.identities();
        this.keys = iam.keys();
        this.authority = iam.authority();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // everything belongs to Iam
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
        Caller caller = Caller.current();
        String arn = caller.principal() instanceof Principal.User ? authority.identityOf(caller.principal()).map(Identity::arn)
                .orElse(caller.principal().arn())
                : caller.principal().arn();
        return GetCallerIdentityResponse.builder().account(caller.account()).arn(arn).userId(caller.principal().userId()).build();
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        Caller caller = Caller.current();
        Identity role = identities.find(request.roleArn()).filter(found -> found.kind() == Identity.Kind.ROLE)
                .filter(found -> authority.mayAssume(caller, found, context(request)).allowed()).orElseThrow(() -> denied(caller, request.roleArn()));
        Duration length = length(request, role, caller.principal());
        checkPolicies(request);
        Session.AsRole as = new Session.AsRole(role.account(), role.name(), role.id(), request.roleSessionName());
        Session session = keys.begin(role.account(), Optional.of(as), Optional.empty(), length, request.policy() == null ? List.of()
                : List.of(request.policy()),
                request.policyArns().stream().map(PolicyDescriptorType::arn).toList(), tags(request.tags()));
        identities.used(role, caller.region());
        return AssumeRoleResponse.builder().credentials(shown(session)).sourceIdentity(request.sourceIdentity())
                .assumedRoleUser(AssumedRoleUser.builder().arn(as.principal().arn()).assumedRoleId(as.principal().userId()).build())
                .packedPolicySize(request.policy() == null ? null : packed(request.policy())).build();
    }

    /// The same for a role that does not exist and for one that does not trust the caller, so that nobody can find out which roles there are.
    private AwsServiceException denied(Caller caller, String roleArn) {
        String who = authority.identityOf(caller.principal()).filter(found -> found.kind() == Identity.Kind.USER).map(Identity::arn)
                .orElse(caller.principal().arn());
        return AwsErrors.of(StsException.builder(), "AccessDenied", 403,
                "User: " + who + " is not authorized to perform: sts:AssumeRole on resource: " + roleArn);
    }

    private static Map<String, List<String>> context(AssumeRoleRequest request) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("sts:RoleSessionName", List.of(request.roleSessionName()));
        Optional.ofNullable(request.externalId()).ifPresent(id -> context.put("sts:ExternalId", List.of(id)));
        Optional.ofNullable(request.sourceIdentity()).ifPresent(id -> context.put("sts:SourceIdentity", List.of(id)));
        request.tags().forEach(tag -> context.put("aws:RequestTag/" + tag.key(), List.of(tag.value())));
        if (request.hasTags()) {
            context.put("aws:TagKeys", request.tags().stream().map(Tag::key).toList());
        }
        return context;
    }

    private static Duration length(AssumeRoleRequest request, Identity role, Principal caller) {
        if (request.durationSeconds() == null) {
            return USUAL_ROLE_SESSION;
        }
        Duration wished = Duration.ofSeconds(request.durationSeconds());
        if (caller instanceof Principal.RoleSession && wished.compareTo(LONGEST_CHAINED) > 0) {
            throw validation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }
        if (wished.compareTo(role.detail().longestSession()) > 0) {
            throw validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        return wished;
    }

    private static void checkPolicies(AssumeRoleRequest request) {
        if (request.policy() == null) {
            return;
        }
        try {
            PolicyRules.identity(request.policy());
        } catch (MalformedPolicy e) {
            throw AwsErrors.of(MalformedPolicyDocumentException.builder(), "MalformedPolicyDocument", 400, e.getMessage());
        }
        if (packed(request.policy()) > 100) {
            throw AwsErrors.of(PackedPolicyTooLargeException.builder(), "PackedPolicyTooLarge", 400,
                    "Packed policy consumes " + packed(request.policy()) + "% of allotted space, please use smaller policy.");
        }
    }

    /// AWS packs in a way it does not tell; here the share of the characters a session policy may have.
    private static int packed(String policy) {
        return Math.ceilDiv(Documents.weight(policy) * 100, MOST_POLICY_CHARACTERS);
    }

    @Override
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        Principal principal = Caller.current().principal();
        Duration wished = request.durationSeconds() == null ? USUAL_USER_SESSION : Duration.ofSeconds(request.durationSeconds());
        Session session = switch (principal) {
            case Principal.Root root -> keys.begin(root.account(), Optional.empty(), Optional.empty(), wished.compareTo(LONGEST_ROOT_SESSION) > 0
                    ? LONGEST_ROOT_SESSION : wished,
                    List.of(), List.of(), Map.of());
            case Principal.User user -> keys.begin(user.account(), Optional.empty(), Optional.of(user.id()), wished, List.of(), List.of(), Map.of());
            case Principal.RoleSession _, Principal.Service _ ->
                throw AwsErrors.of(StsException.builder(), "AccessDenied", 403, "Cannot call GetSessionToken with session credentials");
        };
        return GetSessionTokenResponse.builder().credentials(shown(session)).build();
    }

    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest request) {
        return GetAccessKeyInfoResponse.builder().account(keys.account(request.accessKeyId())
                .orElseThrow(() -> validation("The access key ID " + request.accessKeyId() + " does not belong to any account."))).build();
    }

    private static Map<String, String> tags(List<Tag> tags) {
        Map<String, String> found = new LinkedHashMap<>();
        tags.forEach(tag -> found.put(tag.key(), tag.value()));
        return found;
    }

    private static Credentials shown(Session session) {
        return Credentials.builder().accessKeyId(session.id()).secretAccessKey(session.secret()).sessionToken(session.token())
                .expiration(session.expires()).build();
    }

    private static AwsServiceException validation(String message) {
        return AwsErrors.of(StsException.builder(), "ValidationError", 400, message);
    }
}
