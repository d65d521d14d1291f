package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.policy.AccessRequest;
import dev.viridian.services.iam.policy.Evaluator.Policies;
import dev.viridian.services.iam.policy.Evaluator.Verdict;
import dev.viridian.services.iam.policy.Evaluator;
import dev.viridian.services.iam.policy.PolicyDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gathers what the stored policies say about a caller and has [Evaluator] decide.
final class Authority {
    private final Identities identities;
    private final ManagedPolicies managed;
    private final Keys keys;

    Authority(Identities identities, ManagedPolicies managed, Keys keys) {
        this.identities = identities;
        this.managed = managed;
        this.keys = keys;
    }

    Verdict decide(Caller caller, Optional<String> accessKeyId, String action, String resource, Optional<ResourcePolicy> resourcePolicy,
            Map<String, List<String>> context) {
        Optional<Identity> identity = identityOf(caller.principal());
        List<PolicyDocument> session = accessKeyId.flatMap(keys::session).map(this::sessionPolicies).orElse(List.of());
        Policies policies = policies(identity, session, resourcePolicy.map(policy -> PolicyDocument.parse(policy.document())), false,
                resourcePolicy.map(ResourcePolicy::owner).orElseGet(() -> accountOf(resource, caller)));
        return Evaluator.decide(request(caller, identity, action, resource, context), policies);
    }

    /// Whether the caller may become `role`: the role's trust policy must let it, and where that only names the account, the account's own policies
    /// too.
    ///
    /// Root counts as allowed by its account, other than in AWS, where root may assume nothing: here root is whom everybody starts as.
    Verdict mayAssume(Caller caller, Identity role, Map<String, List<String>> context) {
        Optional<Identity> identity = identityOf(caller.principal());
        Policies policies = policies(identity, List.of(), Optional.of(PolicyDocument.parse(role.detail().trust())), true, role.account());
        return Evaluator.decide(request(caller, identity, "sts:AssumeRole", role.arn(), context), policies);
    }

    /// The user or role behind a principal, if it still exists.
    Optional<Identity> identityOf(Principal principal) {
        return switch (principal) {
            case Principal.User user -> identities.list(user.account(), Kind.USER).stream().filter(found -> found.id().equals(user.id())).findFirst();
            case Principal.RoleSession session -> identities.find(session.account(), Kind.ROLE, session.roleName());
            case Principal.Root _, Principal.Service _ -> Optional.empty();
        };
    }

    private Policies policies(Optional<Identity> identity, List<PolicyDocument> session, Optional<PolicyDocument> resource,
            boolean resourceMustAllow, String account) {
        return new Policies(identity.map(this::policiesOf).orElse(List.of()), identity.flatMap(Identity::boundary).flatMap(managed::find)
                .map(boundary -> PolicyDocument.parse(boundary.document())), session, resource, resourceMustAllow, account);
    }

    /// A user's own policies and its groups', or a role's.
    List<PolicyDocument> policiesOf(Identity identity) {
        List<PolicyDocument> documents = new ArrayList<>();
        identity.inline().values().forEach(text -> documents.add(PolicyDocument.parse(text)));
        identity.attached().forEach(arn -> managed.find(arn).ifPresent(policy -> documents.add(PolicyDocument.parse(policy.document()))));
        identity.groups().forEach(name -> identities.find(identity.account(), Kind.GROUP, name)
                .ifPresent(group -> documents.addAll(policiesOf(group))));
        return documents;
    }

    private List<PolicyDocument> sessionPolicies(Session session) {
        List<PolicyDocument> documents = new ArrayList<>();
        session.policies().forEach(text -> documents.add(PolicyDocument.parse(text)));
        session.policyArns().forEach(arn -> managed.find(arn).ifPresent(policy -> documents.add(PolicyDocument.parse(policy.document()))));
        return documents;
    }

    AccessRequest request(Caller caller, Optional<Identity> identity, String action, String resource, Map<String, List<String>> context) {
        Map<String, List<String>> full = new HashMap<>(callerContext(caller, identity));
        full.putAll(context);
        AccessRequest plain = AccessRequest.of(caller.principal(), action, resource, full);
        List<String> arns = switch (caller.principal()) {
            case Principal.RoleSession session -> identity.map(role -> List.of(session.arn(), role.arn())).orElse(plain.principalArns());
            case Principal.User _ -> identity.map(user -> List.of(user.arn())).orElse(plain.principalArns());
            case Principal.Root _, Principal.Service _ -> plain.principalArns();
        };
        return new AccessRequest(plain.principal(), plain.account(), arns, action, resource, full);
    }

    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
    private Map<String, List<String>> callerContext(Caller caller, Optional<Identity> identity) {
        Map<String, List<String>> context = new HashMap<>();
        Instant now = identities.now();
        context.put("aws:CurrentTime", List.of(now.toString()));
        context.put("aws:EpochTime", List.of(Long.toString(now.getEpochSecond())));
        context.put("aws:RequestedRegion", List.of(caller.region()));
        context.put("aws:SecureTransport", List.of("true")); // loopback counts as secure; policies of the walkthroughs deny everything otherwise
        context.put("aws:userid", List.of(caller.principal().userId()));
        context.put("aws:ViaAWSService", List.of("false"));
        context.put("aws:PrincipalIsAWSService", List.of(Boolean.toString(caller.principal() instanceof Principal.Service)));
        AccessRequest.accountOf(caller.principal()).ifPresent(account -> context.put("aws:PrincipalAccount", List.of(account)));
        context.put("aws:PrincipalType", List.of(switch (caller.principal()) {
            case Principal.Root _ -> "Account";
            case Principal.User _ -> "User";
            case Principal.RoleSession _ -> "AssumedRole";
            case Principal.Service _ -> "Service";
        }));
        if (caller.principal() instanceof Principal.Service service && service.source().isPresent()) {
            context.put("aws:SourceArn", List.of(service.source().get().toString()));
            context.put("aws:SourceAccount", List.of(service.source().get().account()));
        }
        if (caller.principal() instanceof Principal.User user) {
            context.put("aws:username", List.of(user.name()));
        }
        context.put("aws:PrincipalArn", List.of(identity.map(Identity::arn).orElse(caller.principal().arn())));
        identity.ifPresent(found -> found.tags().forEach((key, value) -> context.put("aws:PrincipalTag/" + key, List.of(value))));
        return context;
    }

    /// Who owns what an ARN names; ARNs without an account belong to whoever asks.
    private static String accountOf(String resource, Caller caller) {
        String[] fields = resource.split(":", 6);
        return fields.length == 6 && !fields[4].isEmpty() ? fields[4] : caller.account();
    }
}
