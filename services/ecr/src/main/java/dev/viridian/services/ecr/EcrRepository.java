package dev.viridian.services.ecr;

import dev.viridian.engine.store.Key;
import dev.viridian.registry.ImageName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecr.model.EncryptionType;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.Repository;

/// A repository as it is stored.
///
/// @param exceptions tags (with `*` for any text) to which the opposite of `mutability` applies
/// @param policy who of other accounts may do what, as given
/// @param lifecycle which images expire, as given
record EcrRepository(String account, String region, String name, Instant created, ImageTagMutability mutability, List<String> exceptions,
        boolean scanOnPush,
        Optional<String> policy, Optional<Lifecycle> lifecycle, Map<String, String> tags) {

    /// @param evaluated when images were last judged by it
    record Lifecycle(String text, Optional<Instant> evaluated) {}

    EcrRepository {
        exceptions = List.copyOf(exceptions);
        tags = new TreeMap<>(tags);
    }

    String key() {
        return Key.of(account, region, name);
    }

    String arn() {
        return arn(account, region, name);
    }

    static String arn(String account, String region, String name) {
        return "arn:aws:ecr:" + region + ":" + account + ":repository/" + name;
    }

    String uri() {
        return host(account, region) + "/" + name;
    }

    static String host(String account, String region) {
        return account + ".dkr.ecr." + region + ".amazonaws.com";
    }

    ImageName image() {
        return new ImageName(account + "/" + region, name);
    }

    boolean isImmutable(String tag) {
        boolean excepted = exceptions.stream().anyMatch(pattern -> tag.matches(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q")));
        return switch (mutability) {
            case IMMUTABLE -> true;
            case IMMUTABLE_WITH_EXCLUSION -> !excepted;
            case MUTABLE_WITH_EXCLUSION -> excepted;
            case MUTABLE, UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    EcrRepository withMutability(ImageTagMutability newMutability, List<String> newExceptions) {
        return new EcrRepository(account, region, name, created, newMutability, newExceptions, scanOnPush, policy, lifecycle, tags);
    }

    EcrRepository withPolicy(Optional<String> text) {
        return new EcrRepository(account, region, name, created, mutability, exceptions, scanOnPush, text, lifecycle, tags);
    }

    EcrRepository withLifecycle(Optional<Lifecycle> policyOfImages) {
        return new EcrRepository(account, region, name, created, mutability, exceptions, scanOnPush, policy, policyOfImages, tags);
    }

    EcrRepository withScan(boolean onPush) {
        return new EcrRepository(account, region, name, created, mutability, exceptions, onPush, policy, lifecycle, tags);
    }

    EcrRepository withTags(Map<String, String> all) {
        return new EcrRepository(account, region, name, created, mutability, exceptions, scanOnPush, policy, lifecycle, all);
    }

    Repository shown() {
        return Repository.builder().repositoryArn(arn()).registryId(account).repositoryName(name).repositoryUri(uri()).createdAt(created)
                .imageTagMutability(mutability)
                .imageTagMutabilityExclusionFilters(exceptions.isEmpty() ? null : exceptions.stream()
                        .map(pattern -> ImageTagMutabilityExclusionFilter.builder().filterType("WILDCARD").filter(pattern).build()).toList())
                .imageScanningConfiguration(s -> s.scanOnPush(scanOnPush))
                .encryptionConfiguration(e -> e.encryptionType(EncryptionType.AES256)).build();
    }
}
