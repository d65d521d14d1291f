package dev.viridian.services.iam.policy;

import dev.viridian.aws.Principal;
import dev.viridian.engine.Decision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decides whether a request is allowed. Pure.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
@Decision
public final class Evaluator {
    private Evaluator() {}

    /// Everything that has a say.
    ///
    /// @param identity policies of the user, its groups, or the role
    /// @param boundary the permissions boundary, if set
    /// @param session policies given when the session began; empty when none were
    /// @param resource the resource's own policy, if it has one
    /// @param resourceMustAllow true for KMS keys and role trust, where identity policies count only as far as the resource's policy delegates to the
    /// account
    /// @param resourceAccount who owns the resource
    public record Policies(List<PolicyDocument> identity, Optional<PolicyDocument> boundary, List<PolicyDocument> session,
            Optional<PolicyDocument> resource,
            boolean resourceMustAllow, String resourceAccount) {
        /// For a caller who owns the resource, with nothing but identity policies.
        public static Policies ofIdentity(String account, List<PolicyDocument> identity) {
            return new Policies(identity, Optional.empty(), List.of(), Optional.empty(), false, account);
        }
    }

    /// Where a decision was made; with the action it makes AWS's sentence.
    public enum Kind {
        IDENTITY("an identity-based policy", "identity-based policy"),
        RESOURCE("a resource-based policy", "resource-based policy"),
        BOUNDARY("a permissions boundary", "permissions boundary"),
        SESSION("a session policy", "session policy"),
        TRUST("the role trust policy", "role trust policy");

        private final String withArticle;
        private final String plain;

        Kind(String withArticle, String plain) {
            this.withArticle = withArticle;
            this.plain = plain;
        }
    }

    /// The decision.
    public sealed interface Verdict {
        record Allowed() implements Verdict {}

        /// A statement said no.
        record ExplicitlyDenied(Kind by) implements Verdict {}

        /// Nobody whose yes is needed said yes.
        record NotAllowed(Kind missing) implements Verdict {}

        default boolean allowed() {
            return this instanceof Allowed;
        }

        /// The end of AWS's sentence "User: ... is not authorized to perform: ... on resource: ...".
        default String because(String action) {
            return switch (this) {
                case Allowed() -> "";
                case ExplicitlyDenied(Kind by) -> " with an explicit deny in " + by.withArticle;
                case NotAllowed(Kind missing) -> " because no " + missing.plain + " allows the " + action + " action";
            };
        }
    }

    public static Verdict decide(AccessRequest request, Policies policies) {
        return denied(request, policies).map(kind -> (Verdict) new Verdict.ExplicitlyDenied(kind)).orElseGet(() -> undenied(request, policies));
    }

    private static Optional<Kind> denied(AccessRequest request, Policies policies) {
        if (policies.identity().stream().anyMatch(p -> says(p, request, false))) {
            return Optional.of(Kind.IDENTITY);
        }
        if (policies.resource().filter(p -> says(p, request, false)).isPresent()) {
            return Optional.of(resourceKind(policies));
        }
        if (policies.boundary().filter(p -> says(p, request, false)).isPresent()) {
            return Optional.of(Kind.BOUNDARY);
        }
        return policies.session().stream().anyMatch(p -> says(p, request, false)) ? Optional.of(Kind.SESSION) : Optional.empty();
    }

    private static Verdict undenied(AccessRequest request, Policies policies) {
        Naming named = policies.resource().map(p -> naming(p, request)).orElse(Naming.NOT_AT_ALL);
        boolean sameAccount = request.account().filter(policies.resourceAccount()::equals).isPresent();
        if (request.principal() instanceof Principal.Service) {
            return named == Naming.NOT_AT_ALL && policies.resource()
                    .isPresent() ? new Verdict.NotAllowed(resourceKind(policies)) : new Verdict.Allowed();
        }
        if (named == Naming.NOT_AT_ALL && (policies.resourceMustAllow() || !sameAccount)) {
            return new Verdict.NotAllowed(resourceKind(policies));
        }
        if (request.principal() instanceof Principal.Root) {
            return new Verdict.Allowed();
        }
        if (sameAccount && named == Naming.THE_SESSION) {
            return new Verdict.Allowed();
        }
        boolean enough = sameAccount && named == Naming.THE_IDENTITY;
        if (!enough && policies.identity().stream().noneMatch(p -> says(p, request, true))) {
            return new Verdict.NotAllowed(Kind.IDENTITY);
        }
        if (policies.boundary().filter(p -> !says(p, request, true)).isPresent()) {
            return new Verdict.NotAllowed(Kind.BOUNDARY);
        }
        boolean narrowed = !policies.session().isEmpty() && policies.session().stream().noneMatch(p -> says(p, request, true));
        return narrowed ? new Verdict.NotAllowed(Kind.SESSION) : new Verdict.Allowed();
    }

    private static Kind resourceKind(Policies policies) {
        return policies.resourceMustAllow() ? Kind.TRUST : Kind.RESOURCE;
    }

    /// How precisely a resource's policy lets the caller in. Naming the account only means that the account's own policies decide.
    private enum Naming { NOT_AT_ALL, THE_ACCOUNT, THE_IDENTITY, THE_SESSION }

    private static Naming naming(PolicyDocument policy, AccessRequest request) {
        return policy.statements().stream().filter(Statement::allows).filter(s -> covers(s, request, policy.version()))
                .map(s -> naming(s, request)).max(Enum::compareTo).orElse(Naming.NOT_AT_ALL);
    }

    private static Naming naming(Statement statement, AccessRequest request) {
        if (statement.principals().isEmpty()) {
            return Principals.covers(statement, request) ? Naming.THE_IDENTITY : Naming.NOT_AT_ALL;
        }
        Map<String, List<String>> principals = statement.principals().get();
        if (Principals.names(principals, request, request.principalArns().getFirst()) && request.principal() instanceof Principal.RoleSession) {
            return Naming.THE_SESSION;
        }
        if (request.principalArns().stream().anyMatch(arn -> Principals.names(principals, request, arn)) || Principals.namesEverybody(principals)) {
            return Naming.THE_IDENTITY;
        }
        return Principals.namesAccount(principals, request) ? Naming.THE_ACCOUNT : Naming.NOT_AT_ALL;
    }

    private static boolean says(PolicyDocument policy, AccessRequest request, boolean allow) {
        return policy.statements().stream().anyMatch(s -> s.allows() == allow && Principals.covers(s, request)
                && covers(s, request, policy.version()));
    }

    /// Action, resource and conditions; not the principal.
    private static boolean covers(Statement statement, AccessRequest request, String version) {
        boolean action = statement.actions().map(a -> anyAction(a, request))
                .orElseGet(() -> !anyAction(statement.notActions().orElse(List.of("*")), request));
        boolean resource = statement.resources().map(r -> anyResource(r, request, version))
                .orElseGet(() -> statement.notResources().map(r -> !anyResource(r, request, version)).orElse(true)); // a trust policy names none
        return action && resource && Conditions.hold(statement.conditions(), request, version);
    }

    private static boolean anyAction(List<String> patterns, AccessRequest request) {
        String action = request.action().toLowerCase(Locale.ROOT);
        return patterns.stream().anyMatch(pattern -> Glob.matches(pattern.toLowerCase(Locale.ROOT), action));
    }

    private static boolean anyResource(List<String> patterns, AccessRequest request, String version) {
        return patterns.stream().flatMap(pattern -> Variables.fill(pattern, request, version).stream())
                .anyMatch(pattern -> Arns.matches(pattern, request.resource()));
    }
}
