package dev.viridian.services.iam;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.iam.Identity.Kind;
import dev.viridian.services.iam.ManagedPolicy.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Managed policies, the customer's and AWS's, and who they are attached to.
final class ManagedPolicies {
    private static final int MOST_CHARACTERS = 6144;
    private static final int MOST_VERSIONS = 5;

    private final Store store;
    private final Identities identities;
    private final AwsManagedPolicies aws = new AwsManagedPolicies();
    private final Table<ManagedPolicy> table;

    ManagedPolicies(Store store, Identities identities) {
        this.store = store;
        this.identities = identities;
        this.table = store.table("iam.policies", ManagedPolicy.class);
    }

    ManagedPolicy create(@Nullable String path, String name, String document, @Nullable String description, Map<String, String> tags) {
        check(document);
        String account = Caller.current().account();
        ManagedPolicy policy = new ManagedPolicy(account, path == null ? "/" : path, name, "ANPA" + Ids.base32(17), Optional.ofNullable(description),
                identities.now(), identities.now(), tags, "v1", 2, List.of(new Version("v1", document, identities.now())));
        if (!table.putIfAbsent(at(account, name), policy)) {
            throw IamErrors.alreadyExists("A policy called " + name + " already exists. Duplicate names are not allowed.");
        }
        return policy;
    }

    private static void check(String document) {
        Documents.checkIdentity(document);
        if (Documents.weight(document) > MOST_CHARACTERS) {
            throw IamErrors.limitExceeded("Cannot exceed quota for PolicySize: " + MOST_CHARACTERS);
        }
    }

    /// For questions about the policy itself.
    ManagedPolicy get(String arn) {
        return find(arn).orElseThrow(() -> IamErrors.noSuchEntity("Policy " + arn + " was not found."));
    }

    /// For attaching.
    ManagedPolicy attachable(String arn) {
        return find(arn).filter(policy -> policy.isAws() || policy.account().equals(Caller.current().account()))
                .orElseThrow(() -> IamErrors.noSuchEntity("Policy " + arn + " does not exist or is not attachable."));
    }

    Optional<ManagedPolicy> find(String arn) {
        if (!arn.matches("arn:aws[a-z-]*:iam::(\\d{12}|aws):policy/.+")) {
            throw IamErrors.invalidInput("ARN " + arn + " is not valid.");
        }
        Arn parsed = Arn.parse(arn);
        String name = parsed.resource().substring(parsed.resource().lastIndexOf('/') + 1);
        return aws.find(arn).or(() -> table.find(Key.under(parsed.account()) + name.toLowerCase(Locale.ROOT))
                .filter(policy -> policy.arn().equals(arn)));
    }

    /// Sorted by ARN.
    List<ManagedPolicy> list(boolean awsToo, boolean customerToo) {
        List<ManagedPolicy> all = new ArrayList<>();
        if (customerToo) {
            all.addAll(table.list(Key.under(Caller.current().account())));
        }
        if (awsToo) {
            all.addAll(aws.list());
        }
        all.sort(Comparator.comparing(ManagedPolicy::arn));
        return all;
    }

    Version newVersion(String arn, String document, boolean asDefault) {
        check(document);
        return store.transact(() -> {
            ManagedPolicy policy = mine(arn);
            if (policy.versions().size() >= MOST_VERSIONS) {
                throw IamErrors.limitExceeded("A managed policy can have up to " + MOST_VERSIONS
                        + " versions. Before you create a new version, you must delete an existing version.");
            }
            Version version = new Version("v" + policy.next(), document, identities.now());
            change(arn, found -> found.with(version, asDefault));
            return version;
        });
    }

    void setDefault(String arn, String version) {
        change(arn, policy -> policy.defaulting(policy.version(version).id(), identities.now()));
    }

    void deleteVersion(String arn, String version) {
        change(arn, policy -> {
            if (policy.version(version).id().equals(policy.defaultVersion())) {
                throw IamErrors.deleteConflict("Cannot delete the default version of a policy.");
            }
            return policy.without(version);
        });
    }

    void change(String arn, UnaryOperator<ManagedPolicy> change) {
        store.transact(() -> {
            ManagedPolicy policy = mine(arn);
            table.put(at(policy.account(), policy.name()), change.apply(policy));
        });
    }

    private ManagedPolicy mine(String arn) {
        ManagedPolicy policy = get(arn);
        if (policy.isAws()) {
            throw IamErrors.invalidInput("Cannot modify AWS managed policy " + arn + ".");
        }
        return policy;
    }

    void delete(String arn) {
        store.transact(() -> {
            ManagedPolicy policy = mine(arn);
            if (attachments(arn) > 0) {
                throw IamErrors.deleteConflict("Cannot delete a policy attached to entities.");
            }
            if (boundaries(arn) > 0) {
                throw IamErrors.deleteConflict("Cannot delete a policy attached to entities.");
            }
            if (policy.versions().size() > 1) {
                throw IamErrors.deleteConflict("This policy has more than one version. Before you delete a policy, you must delete the policy's "
                        + "versions. "
                        + "The default version is deleted with the policy.");
            }
            table.delete(at(policy.account(), policy.name()));
        });
    }

    /// Who in the caller's account has it attached.
    List<Identity> attachedTo(String arn) {
        return everybody().filter(identity -> identity.attached().contains(arn)).toList();
    }

    /// Who in the caller's account it bounds.
    List<Identity> bounded(String arn) {
        return everybody().filter(identity -> identity.boundary().filter(arn::equals).isPresent()).toList();
    }

    int attachments(String arn) {
        return attachedTo(arn).size();
    }

    int boundaries(String arn) {
        return bounded(arn).size();
    }

    private Stream<Identity> everybody() {
        return Arrays.stream(Kind.values()).flatMap(kind -> identities.list(kind, null).stream());
    }

    private static String at(String account, String name) {
        return Key.of(account, name.toLowerCase(Locale.ROOT));
    }
}
