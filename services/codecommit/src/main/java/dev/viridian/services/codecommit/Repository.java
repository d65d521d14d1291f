package dev.viridian.services.codecommit;

import dev.viridian.engine.store.Key;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.codecommit.model.RepositoryMetadata;

/// A repository as the API knows it.
///
/// @param id what it keeps when it is renamed; also its id in the git host
record Repository(String id, String account, String region, String name, Optional<String> description, Instant created, Instant modified, Map<String,
        String> tags) {
    Repository {
        tags = new TreeMap<>(tags);
    }

    String key() {
        return Key.of(account, region, name);
    }

    String arn() {
        return arn(account, region, name);
    }

    /// Source: CodeCommit user guide, "ARNs": no resource type before the name.
    static String arn(String account, String region, String name) {
        return "arn:aws:codecommit:" + region + ":" + account + ":" + name;
    }

    Repository named(String newName, Instant now) {
        return new Repository(id, account, region, newName, description, created, now, tags);
    }

    Repository described(Optional<String> text, Instant now) {
        return new Repository(id, account, region, name, text, created, now, tags);
    }

    Repository tagged(Map<String, String> all) {
        return new Repository(id, account, region, name, description, created, modified, all);
    }

    Repository touched(Instant now) {
        return new Repository(id, account, region, name, description, created, now, tags);
    }

    RepositoryMetadata metadata(Optional<String> defaultBranch) {
        String host = "git-codecommit." + region + ".amazonaws.com/v1/repos/" + name;
        return RepositoryMetadata.builder().accountId(account).repositoryId(id).repositoryName(name).repositoryDescription(description.orElse(null))
                .defaultBranch(defaultBranch.orElse(null)).creationDate(created).lastModifiedDate(modified).arn(arn())
                .cloneUrlHttp("https://" + host).cloneUrlSsh("ssh://" + host).build();
    }
}
