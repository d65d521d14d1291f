package dev.viridian.services.iam;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.policy.AccessRequest;
import dev.viridian.services.iam.policy.Evaluator.Policies;
import dev.viridian.services.iam.policy.Evaluator.Verdict;
import dev.viridian.services.iam.policy.Evaluator;
import dev.viridian.services.iam.policy.MalformedPolicy;
import dev.viridian.services.iam.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.SimulateCustomPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulateCustomPolicyResponse;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyResponse;

/// The policy simulator: the same evaluator, with nobody calling.
final class Simulation {
    private final Identities identities;
    private final ManagedPolicies managed;
    private final Authority authority;

    Simulation(Identities identities, ManagedPolicies managed, Authority authority) {
        this.identities = identities;
        this.managed = managed;
        this.authority = authority;
    }

    SimulatePrincipalPolicyResponse principal(SimulatePrincipalPolicyRequest request) {
        Identity identity = source(request.policySourceArn());
        List<PolicyDocument> documents = new ArrayList<>(authority.policiesOf(identity));
        documents.addAll(parse(request.policyInputList()));
        Optional<PolicyDocument> boundary = parse(request.permissionsBoundaryPolicyInputList()).stream().findFirst()
                .or(() -> identity.boundary().flatMap(managed::find).map(policy -> PolicyDocument.parse(policy.document())));
        return SimulatePrincipalPolicyResponse.builder().isTruncated(false).evaluationResults(
                run(principal(identity), Optional.of(identity), documents, boundary, request.resourcePolicy(), request.actionNames(),
                request.resourceArns(), request.contextEntries())).build();
    }

    SimulateCustomPolicyResponse custom(SimulateCustomPolicyRequest request) {
        Principal nobody = new Principal.User(Caller.current().account(), "simulated", "AIDA" + Ids.stable("simulated", 17));
        return SimulateCustomPolicyResponse.builder().isTruncated(false)
                .evaluationResults(run(nobody, Optional.empty(), parse(request.policyInputList()),
                parse(request.permissionsBoundaryPolicyInputList()).stream()
                .findFirst(), request.resourcePolicy(), request.actionNames(), request.resourceArns(),
                request.contextEntries())).build();
    }

    private Identity source(String arn) {
        if (!Arn.isArn(arn)) {
            throw IamErrors.invalidInput("Invalid Entity Arn: " + arn + " does not clearly define entity type and name.");
        }
        Arn parsed = Arn.parse(arn);
        String name = parsed.resource().substring(parsed.resource().lastIndexOf('/') + 1);
        Kind kind = parsed.resource().startsWith("role/") ? Kind.ROLE : parsed.resource().startsWith("group/") ? Kind.GROUP : Kind.USER;
        return identities.get(kind, name);
    }

    private static Principal principal(Identity identity) {
        return identity.kind() == Kind.ROLE ? new Principal.RoleSession(identity.account(), identity.name(), identity.id(), "simulated")
                : new Principal.User(identity.account(), identity.name(), identity.id());
    }

    private List<EvaluationResult> run(Principal principal, Optional<Identity> identity, List<PolicyDocument> documents,
            Optional<PolicyDocument> boundary,
            @Nullable String resourcePolicy, List<String> actions, List<String> resources, List<ContextEntry> entries) {
        Caller caller = Caller.current();
        Policies policies = new Policies(documents, boundary, List.of(), resourcePolicy == null ? Optional.empty()
                : Optional.of(parse(List.of(resourcePolicy)).getFirst()),
                false, AccessRequest.accountOf(principal).orElse(caller.account()));
        Caller simulated = new Caller(caller.account(), caller.region(), principal, caller.requestId());
        List<EvaluationResult> results = new ArrayList<>();
        for (String action : actions) {
            for (String resource : resources.isEmpty() ? List.of("*") : resources) {
                AccessRequest request = authority.request(simulated, identity, action, resource, context(entries));
                results.add(EvaluationResult.builder().evalActionName(action).evalResourceName(resource)
                        .evalDecision(shown(Evaluator.decide(request, policies))).build());
            }
        }
        return results;
    }

    private static PolicyEvaluationDecisionType shown(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allowed() -> PolicyEvaluationDecisionType.ALLOWED;
            case Verdict.ExplicitlyDenied _ -> PolicyEvaluationDecisionType.EXPLICIT_DENY;
            case Verdict.NotAllowed _ -> PolicyEvaluationDecisionType.IMPLICIT_DENY;
        };
    }

    private static Map<String, List<String>> context(List<ContextEntry> entries) {
        Map<String, List<String>> context = new HashMap<>();
        entries.forEach(entry -> context.put(entry.contextKeyName(), entry.contextKeyValues()));
        return context;
    }

    private static List<PolicyDocument> parse(List<String> texts) {
        try {
            return texts.stream().map(PolicyDocument::parse).toList();
        } catch (MalformedPolicy e) {
            throw IamErrors.invalidInput(e.getMessage());
        }
    }
}
