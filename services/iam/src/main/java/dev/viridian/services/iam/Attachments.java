package dev.viridian.services.iam;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.iam.Identity.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;

/// Policies on users, groups and roles, attached and inline: alike for all three.
final class Attachments {
    private static final int MOST_ATTACHED = 20;

    private final Identities identities;
    private final ManagedPolicies policies;

    Attachments(Identities identities, ManagedPolicies policies) {
        this.identities = identities;
        this.policies = policies;
    }

    void attach(Kind kind, String name, String arn) {
        identities.get(kind, name);
        ManagedPolicy policy = policies.attachable(arn);
        identities.change(kind, name, identity -> {
            Identity next = mine(identity).attach(policy.arn());
            if (next.attached().size() > MOST_ATTACHED) {
                throw IamErrors.limitExceeded("Cannot exceed quota for PoliciesPer" + kind.title() + ": " + MOST_ATTACHED);
            }
            return next;
        });
    }

    void detach(Kind kind, String name, String arn) {
        identities.change(kind, name, identity -> {
            if (!mine(identity).attached().contains(arn)) {
                throw IamErrors.noSuchEntity("Policy " + arn + " was not found.");
            }
            return identity.detach(arn);
        });
    }

    /// Attached policies, sorted by ARN as their only stable order.
    Pages.Page<AttachedPolicy> attached(Kind kind, String name, @Nullable String pathPrefix, @Nullable String marker, @Nullable Integer most) {
        List<AttachedPolicy> all = identities.get(kind, name).attached().stream().sorted().map(policies::get)
                .filter(policy -> pathPrefix == null || policy.path().startsWith(pathPrefix))
                .map(policy -> AttachedPolicy.builder().policyName(policy.name()).policyArn(policy.arn()).build()).toList();
        return IamErrors.page(all, AttachedPolicy::policyArn, marker, most);
    }

    void put(Kind kind, String name, String policy, String document) {
        identities.get(kind, name);
        Documents.checkIdentity(document);
        identities.change(kind, name, identity -> {
            Identity next = mine(identity).withInline(policy, Optional.of(document));
            if (next.inline().values().stream().mapToInt(Documents::weight).sum() > kind.mostInline()) {
                throw IamErrors.limitExceeded("Maximum policy size of " + kind.mostInline() + " bytes exceeded for " + kind.word() + " " + name);
            }
            return next;
        });
    }

    /// The document, encoded as answers carry it.
    String get(Kind kind, String name, String policy) {
        return Documents.encode(Optional.ofNullable(identities.get(kind, name).inline().get(policy)).orElseThrow(() -> missing(kind, policy)));
    }

    void delete(Kind kind, String name, String policy) {
        identities.change(kind, name, identity -> {
            if (!mine(identity).inline().containsKey(policy)) {
                throw missing(kind, policy);
            }
            return identity.withInline(policy, Optional.empty());
        });
    }

    Pages.Page<String> inline(Kind kind, String name, @Nullable String marker, @Nullable Integer most) {
        return IamErrors.page(identities.get(kind, name).inline().keySet().stream().sorted(Comparator.naturalOrder())
                .toList(), policy -> policy, marker, most);
    }

    void bound(Kind kind, String name, String arn) {
        identities.get(kind, name);
        ManagedPolicy policy = policies.attachable(arn);
        identities.change(kind, name, identity -> mine(identity).bounded(Optional.of(policy.arn())));
    }

    void unbound(Kind kind, String name) {
        identities.change(kind, name, identity -> {
            if (identity.boundary().isEmpty()) {
                throw IamErrors.noSuchEntity(kind.title() + " " + name + " does not have a permission boundary.");
            }
            return identity.bounded(Optional.empty());
        });
    }

    private static Identity mine(Identity identity) {
        return identity.kind() == Kind.ROLE ? Roles.mine(identity) : identity;
    }

    private static RuntimeException missing(Kind kind, String policy) {
        return IamErrors.noSuchEntity("The " + kind.word() + " policy with name " + policy + " cannot be found.");
    }
}
