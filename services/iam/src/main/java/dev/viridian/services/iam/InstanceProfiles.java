package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.services.iam.Identity.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesResponse;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.Role;

/// The holders through which instances get a role.
final class InstanceProfiles {
    /// @param role name of the one role it may hold
    record Profile(String account, String path, String name, String id, Instant created, Map<String, String> tags, Optional<String> role) {
        String arn() {
            return "arn:aws:iam::" + account + ":instance-profile" + path + name;
        }

        /// What lists are sorted by.
        String order() {
            return name.toLowerCase(Locale.ROOT);
        }

        Profile holding(Optional<String> next) {
            return new Profile(account, path, name, id, created, tags, next);
        }
    }

    private final Store store;
    private final Identities identities;
    private final Table<Profile> table;

    InstanceProfiles(Store store, Identities identities) {
        this.store = store;
        this.identities = identities;
        this.table = store.table("iam.instance-profiles", Profile.class);
    }

    CreateInstanceProfileResponse create(CreateInstanceProfileRequest request) {
        String path = request.path() == null ? "/" : request.path();
        Profile profile = new Profile(Caller.current().account(), path, request.instanceProfileName(), "AIPA" + Ids.base32(17), identities.now(),
                IamTags.of(request.tags()), Optional.empty());
        if (!table.putIfAbsent(at(profile.name()), profile)) {
            throw IamErrors.alreadyExists("Instance Profile " + profile.name() + " already exists.");
        }
        return CreateInstanceProfileResponse.builder().instanceProfile(view(profile)).build();
    }

    GetInstanceProfileResponse get(GetInstanceProfileRequest request) {
        return GetInstanceProfileResponse.builder().instanceProfile(view(get(request.instanceProfileName()))).build();
    }

    private Profile get(String name) {
        return table.find(at(name)).filter(profile -> profile.name().equals(name))
                .orElseThrow(() -> IamErrors.noSuchEntity("Instance Profile " + name + " cannot be found."));
    }

    ListInstanceProfilesResponse list(ListInstanceProfilesRequest request) {
        List<Profile> all = table.list(Key.under(Caller.current().account())).stream()
                .filter(profile -> request.pathPrefix() == null || profile.path().startsWith(request.pathPrefix())).toList();
        Pages.Page<Profile> page = IamErrors.page(all, Profile::order, request.marker(), request.maxItems());
        return ListInstanceProfilesResponse.builder().instanceProfiles(page.items().stream().map(this::view).toList())
                .isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    ListInstanceProfilesForRoleResponse list(ListInstanceProfilesForRoleRequest request) {
        identities.get(Kind.ROLE, request.roleName());
        Pages.Page<Profile> page = IamErrors.page(of(request.roleName()), Profile::order, request.marker(), request.maxItems());
        return ListInstanceProfilesForRoleResponse.builder().instanceProfiles(page.items().stream().map(this::view).toList())
                .isTruncated(page.nextToken() != null)
                .marker(page.nextToken()).build();
    }

    List<Profile> of(String role) {
        return table.list(Key.under(Caller.current().account())).stream().filter(profile -> profile.role().filter(role::equals).isPresent()).toList();
    }

    AddRoleToInstanceProfileResponse add(AddRoleToInstanceProfileRequest request) {
        Identity role = identities.get(Kind.ROLE, request.roleName());
        store.transact(() -> {
            Profile profile = get(request.instanceProfileName());
            if (profile.role().isPresent()) {
                throw IamErrors.limitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
            }
            table.put(at(profile.name()), profile.holding(Optional.of(role.name())));
        });
        return AddRoleToInstanceProfileResponse.builder().build();
    }

    RemoveRoleFromInstanceProfileResponse remove(RemoveRoleFromInstanceProfileRequest request) {
        store.transact(() -> {
            Profile profile = get(request.instanceProfileName());
            if (profile.role().filter(request.roleName()::equals).isEmpty()) {
                throw Identities.missing(Kind.ROLE, request.roleName());
            }
            table.put(at(profile.name()), profile.holding(Optional.empty()));
        });
        return RemoveRoleFromInstanceProfileResponse.builder().build();
    }

    DeleteInstanceProfileResponse delete(DeleteInstanceProfileRequest request) {
        store.transact(() -> {
            Profile profile = get(request.instanceProfileName());
            if (profile.role().isPresent()) {
                throw IamErrors.deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
            }
            table.delete(at(profile.name()));
        });
        return DeleteInstanceProfileResponse.builder().build();
    }

    private InstanceProfile view(Profile profile) {
        List<Role> roles = profile.role()
                .flatMap(name -> identities.find(profile.account(), Kind.ROLE, name))
                .map(Views::listedRole).stream().toList();
        return InstanceProfile.builder().path(profile.path()).instanceProfileName(profile.name()).instanceProfileId(profile.id()).arn(profile.arn())
                .createDate(profile.created()).roles(roles).tags(profile.tags().isEmpty() ? null : IamTags.list(profile.tags())).build();
    }

    private static String at(String name) {
        return Key.of(Caller.current().account(), name.toLowerCase(Locale.ROOT));
    }
}
