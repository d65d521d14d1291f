package dev.viridian.services.iam;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A managed policy with its versions, of a customer or of AWS.
///
/// @param account `aws` for AWS's own
/// @param next the number of the next version; numbers are not used twice
record ManagedPolicy(String account, String path, String name, String id, Optional<String> description, Instant created, Instant updated,
        Map<String, String> tags, String defaultVersion, int next, List<Version> versions) {

    /// @param id `v1`, `v2`, ...
    record Version(String id, String document, Instant created) {}

    String arn() {
        return "arn:aws:iam::" + account + ":policy" + path + name;
    }

    boolean isAws() {
        return account.equals("aws");
    }

    Version version(String version) {
        return versions.stream().filter(v -> v.id().equals(version)).findFirst().orElseThrow(() -> IamErrors.noSuchEntity(
                "Policy " + arn() + " version " + version + " does not exist or is not attachable."));
    }

    /// What the policy says now.
    String document() {
        return version(defaultVersion).document();
    }

    ManagedPolicy with(Version version, boolean asDefault) {
        List<Version> all = new ArrayList<>(versions);
        all.add(version);
        return new ManagedPolicy(account, path, name, id, description, created, version.created(), tags, asDefault ? version.id() : defaultVersion,
                next + 1, all);
    }

    ManagedPolicy without(String version) {
        return new ManagedPolicy(account, path, name, id, description, created, updated, tags, defaultVersion, next,
                versions.stream().filter(v -> !v.id().equals(version)).toList());
    }

    ManagedPolicy defaulting(String version, Instant now) {
        return new ManagedPolicy(account, path, name, id, description, created, now, tags, version, next, versions);
    }

    ManagedPolicy withTags(Map<String, String> nextTags) {
        return new ManagedPolicy(account, path, name, id, description, created, updated, nextTags, defaultVersion, next, versions);
    }
}
