package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.iam.Identity.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.CreateAccountAliasResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccountAliasRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccountAliasResponse;
import software.amazon.awssdk.services.iam.model.GetAccountSummaryRequest;
import software.amazon.awssdk.services.iam.model.GetAccountSummaryResponse;
import software.amazon.awssdk.services.iam.model.ListAccountAliasesRequest;
import software.amazon.awssdk.services.iam.model.ListAccountAliasesResponse;

/// What can be said of an account as a whole.
final class Account {
    private final Store store;
    private final Identities identities;
    private final ManagedPolicies managed;
    private final Table<Alias> aliases;

    /// A name for an account; unique, and one per account.
    record Alias(String name, String account) {}

    Account(Store store, Identities identities, ManagedPolicies managed) {
        this.store = store;
        this.identities = identities;
        this.managed = managed;
        this.aliases = store.table("iam.account-aliases", Alias.class);
    }

    GetAccountSummaryResponse summary(GetAccountSummaryRequest request) {
        Map<String, Integer> summary = new HashMap<>();
        summary.put("Users", identities.list(Kind.USER, null).size());
        summary.put("Groups", identities.list(Kind.GROUP, null).size());
        summary.put("Roles", identities.list(Kind.ROLE, null).size());
        summary.put("Policies", managed.list(false, true).size());
        summary.put("UsersQuota", 5000);
        summary.put("GroupsQuota", 300);
        summary.put("RolesQuota", 1000);
        summary.put("PoliciesQuota", 1500);
        summary.put("AccessKeysPerUserQuota", Keys.MOST_PER_USER);
        summary.put("VersionsPerPolicyQuota", 5);
        return GetAccountSummaryResponse.builder().summaryMapWithStrings(summary).build();
    }

    ListAccountAliasesResponse aliases(ListAccountAliasesRequest request) {
        return ListAccountAliasesResponse.builder().accountAliases(mine().stream().map(Alias::name).toList()).isTruncated(false).build();
    }

    private List<Alias> mine() {
        return aliases.list().stream().filter(alias -> alias.account().equals(Caller.current().account())).toList();
    }

    CreateAccountAliasResponse create(CreateAccountAliasRequest request) {
        String name = request.accountAlias();
        store.transact(() -> {
            if (aliases.find(name).filter(taken -> !taken.account().equals(Caller.current().account())).isPresent()) {
                throw IamErrors.alreadyExists("The account alias " + name + " already exists.");
            }
            mine().forEach(before -> aliases.delete(before.name()));
            aliases.put(name, new Alias(name, Caller.current().account()));
        });
        return CreateAccountAliasResponse.builder().build();
    }

    DeleteAccountAliasResponse delete(DeleteAccountAliasRequest request) {
        store.transact(() -> {
            if (mine().stream().noneMatch(alias -> alias.name().equals(request.accountAlias()))) {
                throw IamErrors.noSuchEntity("The account alias " + request.accountAlias() + " cannot be found.");
            }
            aliases.delete(request.accountAlias());
        });
        return DeleteAccountAliasResponse.builder().build();
    }
}
