package dev.viridian.services.ecr;

import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.registry.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which images a repository holds and where its tags point.
final class Images {

    /// What came of a push.
    enum Put { STORED, UNCHANGED, TAG_IS_IMMUTABLE, REPOSITORY_IS_GONE }

    /// @param digest where it points
    record Tag(String name, String digest) {}

    private final Store store;
    private final Time time;
    private final Repositories repositories;
    private final ImageEvents events;
    private final Table<EcrImage> images;
    private final Table<Tag> tags;

    Images(Store store, Time time, Repositories repositories, ImageEvents events) {
        this.store = store;
        this.time = time;
        this.repositories = repositories;
        this.events = events;
        this.images = store.table("ecr.images", EcrImage.class);
        this.tags = store.table("ecr.tags", Tag.class);
    }

    /// Holds an image and points the tag at it, together with the record of it.
    Put put(EcrRepository repository, Manifest manifest, Optional<String> tag, String callerArn) {
        return store.transact(() -> {
            Optional<EcrRepository> current = repositories.findByKey(repository.key());
            if (current.isEmpty()) {
                return Put.REPOSITORY_IS_GONE;
            }
            String digest = manifest.digest().toString();
            Optional<String> before = tag.flatMap(name -> resolve(repository, name));
            boolean known = find(repository, digest).isPresent();
            if (known && (tag.isEmpty() || before.equals(Optional.of(digest)))) {
                return Put.UNCHANGED;
            }
            if (before.isPresent() && current.get().isImmutable(tag.orElseThrow())) {
                return Put.TAG_IS_IMMUTABLE;
            }
            EcrImage image = find(repository, digest).orElseGet(() -> EcrImage.of(manifest, time.now()));
            images.put(Key.of(repository.account(), repository.region(), repository.name(), digest), image);
            tag.ifPresent(name -> tags.put(tagKey(repository, name), new Tag(name, digest)));
            events.record(ImageEvent.Action.PUSH, repository, image, tag, callerArn);
            return Put.STORED;
        });
    }

    Optional<EcrImage> find(EcrRepository repository, String digest) {
        return images.find(Key.of(repository.account(), repository.region(), repository.name(), digest));
    }

    /// The digest a tag points at.
    Optional<String> resolve(EcrRepository repository, String tag) {
        return tags.find(tagKey(repository, tag)).map(Tag::digest);
    }

    /// All images, ordered by digest.
    List<EcrImage> list(EcrRepository repository) {
        return images.list(under(repository));
    }

    /// All tags, ordered by name.
    List<Tag> tags(EcrRepository repository) {
        return tags.list(under(repository));
    }

    /// Names of tags by the digest they point at.
    Map<String, List<String>> tagsByDigest(EcrRepository repository) {
        return tags(repository).stream()
                .collect(Collectors.groupingBy(Tag::digest, TreeMap::new, Collectors.mapping(Tag::name, Collectors.toList())));
    }

    /// Removes one tag. The image goes with its last one.
    void untag(EcrRepository repository, String tag, String callerArn) {
        store.transact(() -> {
            Optional<String> digest = resolve(repository, tag);
            tags.delete(tagKey(repository, tag));
            Optional<EcrImage> image = digest.flatMap(found -> find(repository, found));
            image.ifPresent(found -> {
                events.record(ImageEvent.Action.DELETE, repository, found, Optional.of(tag), callerArn);
                if (tags(repository).stream().noneMatch(left -> left.digest().equals(found.digest()))) {
                    images.delete(imageKey(repository, found));
                }
            });
        });
    }

    /// Removes an image with all its tags.
    void delete(EcrRepository repository, EcrImage image, String callerArn) {
        store.transact(() -> {
            List<String> names = tagsByDigest(repository).getOrDefault(image.digest(), List.of());
            names.forEach(name -> tags.delete(tagKey(repository, name)));
            images.delete(imageKey(repository, image));
            if (names.isEmpty()) {
                events.record(ImageEvent.Action.DELETE, repository, image, Optional.empty(), callerArn);
            }
            names.forEach(name -> events.record(ImageEvent.Action.DELETE, repository, image, Optional.of(name), callerArn));
        });
    }

    /// Forgets all images and tags, when their repository goes.
    void forget(EcrRepository repository) {
        tags.rows(under(repository)).forEach(row -> tags.delete(row.key()));
        images.rows(under(repository)).forEach(row -> images.delete(row.key()));
    }

    private static String under(EcrRepository repository) {
        return Key.under(repository.account(), repository.region(), repository.name());
    }

    private static String tagKey(EcrRepository repository, String tag) {
        return Key.of(repository.account(), repository.region(), repository.name(), tag);
    }

    private static String imageKey(EcrRepository repository, EcrImage image) {
        return Key.of(repository.account(), repository.region(), repository.name(), image.digest());
    }
}
