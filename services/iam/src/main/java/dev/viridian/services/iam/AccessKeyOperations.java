package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.iam.Identity.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.ListAccessKeysRequest;
import software.amazon.awssdk.services.iam.model.ListAccessKeysResponse;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyResponse;

/// Operations on access keys. Without a user name they are about the caller's own, be it a user or root.
final class AccessKeyOperations {
    private final Identities identities;
    private final Keys keys;

    AccessKeyOperations(Identities identities, Keys keys) {
        this.identities = identities;
        this.keys = keys;
    }

    /// @param id empty for root
    private record Holder(String account, Optional<String> id, @Nullable String name) {}

    private Holder holder(@Nullable String userName) {
        Caller caller = Caller.current();
        if (userName == null && caller.principal() instanceof Principal.Root root) {
            return new Holder(root.account(), Optional.empty(), null);
        }
        Identity user = identities.get(Kind.USER, Users.nameOrCaller(userName));
        return new Holder(user.account(), Optional.of(user.id()), user.name());
    }

    CreateAccessKeyResponse create(CreateAccessKeyRequest request) {
        Holder holder = holder(request.userName());
        StoredKey key = keys.create(holder.account(), holder.id());
        return CreateAccessKeyResponse.builder().accessKey(AccessKey.builder().userName(holder.name()).accessKeyId(key.id())
                .secretAccessKey(key.secret())
                .status(StatusType.ACTIVE).createDate(key.created()).build()).build();
    }

    ListAccessKeysResponse list(ListAccessKeysRequest request) {
        Holder holder = holder(request.userName());
        Pages.Page<StoredKey> page = Pages.of(keys.of(holder.account(), holder.id()), null, request.maxItems(), Keys.MOST_PER_USER);
        return ListAccessKeysResponse.builder().accessKeyMetadata(page.items().stream().map(key -> AccessKeyMetadata.builder().userName(holder.name())
                .accessKeyId(key.id()).status(key.active() ? StatusType.ACTIVE : StatusType.INACTIVE).createDate(key.created()).build()).toList())
                .isTruncated(false).build();
    }

    UpdateAccessKeyResponse update(UpdateAccessKeyRequest request) {
        Holder holder = holder(request.userName());
        keys.change(holder.account(), holder.id(), request.accessKeyId(), request.status() == StatusType.ACTIVE);
        return UpdateAccessKeyResponse.builder().build();
    }

    DeleteAccessKeyResponse delete(DeleteAccessKeyRequest request) {
        Holder holder = holder(request.userName());
        keys.delete(holder.account(), holder.id(), request.accessKeyId());
        return DeleteAccessKeyResponse.builder().build();
    }
}
