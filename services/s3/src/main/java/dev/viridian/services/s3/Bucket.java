package dev.viridian.services.s3;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// @param ownership the object ownership setting; ACLs do anything only when it is not `BucketOwnerEnforced`, and we have no ACLs
/// @param blocked what the public access block says
record Bucket(String name, String account, String region, Instant created, Versioning versioning, Optional<String> policy, Map<String, String> tags,
        Encryption encryption, Optional<PublicAccess> blocked) {

    enum Versioning { NEVER, ENABLED, SUSPENDED }

    /// The four switches of a public access block. All on for a new bucket since April 2023.
    record PublicAccess(boolean blockAcls, boolean ignoreAcls, boolean blockPolicy, boolean restrictBuckets) {
        static final PublicAccess ALL_BLOCKED = new PublicAccess(true, true, true, true);
    }

    static Bucket created(String name, String account, String region, Instant now, Map<String, String> tags) {
        return new Bucket(name, account, region, now, Versioning.NEVER, Optional.empty(), tags, Encryption.DEFAULT,
                Optional.of(PublicAccess.ALL_BLOCKED));
    }

    Bucket with(Versioning next) {
        return new Bucket(name, account, region, created, next, policy, tags, encryption, blocked);
    }

    Bucket withPolicy(Optional<String> next) {
        return new Bucket(name, account, region, created, versioning, next, tags, encryption, blocked);
    }

    Bucket withTags(Map<String, String> next) {
        return new Bucket(name, account, region, created, versioning, policy, next, encryption, blocked);
    }

    Bucket with(Encryption next) {
        return new Bucket(name, account, region, created, versioning, policy, tags, next, blocked);
    }

    Bucket withBlocked(Optional<PublicAccess> next) {
        return new Bucket(name, account, region, created, versioning, policy, tags, encryption, next);
    }

    boolean isVersioned() {
        return versioning != Versioning.NEVER;
    }

    String arn() {
        return "arn:aws:s3:::" + name;
    }
}
