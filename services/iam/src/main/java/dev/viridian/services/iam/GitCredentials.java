package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.iam.Identity.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreateServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceSpecificCredentialResponse;
import software.amazon.awssdk.services.iam.model.DeleteServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.DeleteServiceSpecificCredentialResponse;
import software.amazon.awssdk.services.iam.model.ListServiceSpecificCredentialsRequest;
import software.amazon.awssdk.services.iam.model.ListServiceSpecificCredentialsResponse;
import software.amazon.awssdk.services.iam.model.ResetServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.ResetServiceSpecificCredentialResponse;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredentialMetadata;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.UpdateServiceSpecificCredentialResponse;

/// Service-specific credentials: user names and passwords for CodeCommit over HTTPS. The only reader of the table their passwords lie in.
final class GitCredentials {
    private static final String CODECOMMIT = "codecommit.amazonaws.com";
    private static final int MOST_PER_USER = 2;
    private static final int PASSWORD_BYTES = 33; // 44 characters

    private final Store store;
    private final Identities identities;
    private final Keys keys;
    private final Table<GitCredential> table;

    GitCredentials(Store store, Identities identities, Keys keys) {
        this.store = store;
        this.identities = identities;
        this.keys = keys;
        this.table = store.table("iam.git-credentials", GitCredential.class);
    }

    /// Whom the pair belongs to, if it is right and may be used.
    Optional<GitLogin> login(String gitName, String password) {
        return table.find(gitName).filter(credential -> credential.active() && isSame(credential.password(), password))
                .filter(credential -> credential.expires().filter(moment -> !moment.isAfter(identities.now())).isEmpty())
                .flatMap(credential -> user(credential)
                .map(user -> new GitLogin(new Principal.User(user.account(), user.name(), user.id()), user.account())));
    }

    private static boolean isSame(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Identity> user(GitCredential credential) {
        return identities.list(credential.account(), Kind.USER).stream().filter(user -> user.id().equals(credential.user())).findFirst();
    }

    List<GitCredential> of(Identity user) {
        return table.list().stream().filter(credential -> credential.account().equals(user.account()) && credential.user().equals(user.id()))
                .toList();
    }

    CreateServiceSpecificCredentialResponse create(CreateServiceSpecificCredentialRequest request) {
        Identity user = identities.get(Kind.USER, request.userName());
        if (!request.serviceName().equals(CODECOMMIT)) {
            throw IamErrors.notSupportedService("No such service " + request.serviceName() + " is supported for Service Specific Credentials");
        }
        GitCredential made = store.transact(() -> {
            if (of(user).size() >= MOST_PER_USER) {
                throw IamErrors.limitExceeded("Cannot exceed quota for ServiceSpecificCredentialsPerUser: " + MOST_PER_USER);
            }
            Instant now = identities.now();
            GitCredential credential = new GitCredential("ACCA" + Ids.base32(17), CODECOMMIT, user.account(), user.id(), freeName(user),
                    keys.secret(PASSWORD_BYTES) , true,
                    now, Optional.ofNullable(request.credentialAgeDays()).map(days -> now.plus(Duration.ofDays(days))));
            table.put(credential.gitName(), credential);
            return credential;
        });
        return CreateServiceSpecificCredentialResponse.builder().serviceSpecificCredential(withPassword(made, user)).build();
    }

    /// `dev-at-111122223333`, then `dev+1-at-111122223333`.
    private String freeName(Identity user) {
        for (int n = 0; ; n++) {
            String name = user.name() + (n == 0 ? "" : "+" + n) + "-at-" + user.account();
            if (!table.contains(name)) {
                return name;
            }
        }
    }

    ListServiceSpecificCredentialsResponse list(ListServiceSpecificCredentialsRequest request) {
        List<Identity> users = Boolean.TRUE.equals(request.allUsers()) ? identities.list(Kind.USER, null)
                : List.of(identities.get(Kind.USER, Users.nameOrCaller(request.userName())));
        return ListServiceSpecificCredentialsResponse.builder().serviceSpecificCredentials(users.stream().flatMap(user -> of(user).stream()
                .filter(credential -> request.serviceName() == null || request.serviceName().equals(credential.service()))
                .map(credential -> metadata(credential, user))).toList()).isTruncated(false).build();
    }

    UpdateServiceSpecificCredentialResponse update(UpdateServiceSpecificCredentialRequest request) {
        store.transact(() -> {
            GitCredential credential = mine(request.userName(), request.serviceSpecificCredentialId());
            table.put(credential.gitName(), credential.with(request.status() == StatusType.ACTIVE));
        });
        return UpdateServiceSpecificCredentialResponse.builder().build();
    }

    ResetServiceSpecificCredentialResponse reset(ResetServiceSpecificCredentialRequest request) {
        GitCredential next = store.transact(() -> {
            GitCredential credential = mine(request.userName(), request.serviceSpecificCredentialId()).withPassword(keys.secret(PASSWORD_BYTES));
            table.put(credential.gitName(), credential);
            return credential;
        });
        Identity user = user(next).orElseThrow(() -> new IllegalStateException("a credential outlived its user: " + next));
        return ResetServiceSpecificCredentialResponse.builder().serviceSpecificCredential(withPassword(next, user)).build();
    }

    DeleteServiceSpecificCredentialResponse delete(DeleteServiceSpecificCredentialRequest request) {
        store.transact(() -> table.delete(mine(request.userName(), request.serviceSpecificCredentialId()).gitName()));
        return DeleteServiceSpecificCredentialResponse.builder().build();
    }

    private GitCredential mine(@Nullable String userName, String id) {
        Optional<Identity> user = userName == null ? Optional.empty() : Optional.of(identities.get(Kind.USER, userName));
        return table.list().stream().filter(credential -> credential.id().equals(id) && credential.account().equals(Caller.current().account()))
                .filter(credential -> user.filter(u -> !u.id().equals(credential.user())).isEmpty()).findFirst()
                .orElseThrow(() -> IamErrors.noSuchEntity("Service Specific Credential " + id + " cannot be found."));
    }

    private static ServiceSpecificCredential withPassword(GitCredential credential, Identity user) {
        return ServiceSpecificCredential.builder().createDate(credential.created()).expirationDate(credential.expires().orElse(null))
                .serviceName(credential.service())
                .serviceUserName(credential.gitName()).servicePassword(credential.password()).serviceSpecificCredentialId(credential.id())
                .userName(user.name())
                .status(credential.active() ? StatusType.ACTIVE : StatusType.INACTIVE).build();
    }

    private static ServiceSpecificCredentialMetadata metadata(GitCredential credential, Identity user) {
        return ServiceSpecificCredentialMetadata.builder().createDate(credential.created()).expirationDate(credential.expires().orElse(null))
                .serviceName(credential.service()).serviceUserName(credential.gitName()).serviceSpecificCredentialId(credential.id())
                .userName(user.name())
                .status(credential.active() ? StatusType.ACTIVE : StatusType.INACTIVE).build();
    }
}
