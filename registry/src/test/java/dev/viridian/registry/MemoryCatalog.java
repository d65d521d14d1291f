package dev.viridian.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A catalogue that forgets, with one tag that cannot move: `fixed`.
final class MemoryCatalog implements Catalog {
    private record Shelf(SortedMap<String, Digest> tags, SortedMap<Digest, Manifest> manifests) {}

    private final Map<ImageName, Shelf> shelves = new ConcurrentHashMap<>();

    MemoryCatalog with(ImageName name) {
        shelves.put(name, new Shelf(new TreeMap<>(), new TreeMap<>()));
        return this;
    }

    private Shelf shelf(ImageName name) {
        return Optional.ofNullable(shelves.get(name)).orElseThrow(() -> new RegistryException(404, "NAME_UNKNOWN", name + " does not exist"));
    }

    @Override
    public boolean exists(ImageName name) {
        return shelves.containsKey(name);
    }

    @Override
    public synchronized Optional<Digest> resolve(ImageName name, String tag) {
        return Optional.ofNullable(shelf(name).tags().get(tag));
    }

    @Override
    public synchronized boolean contains(ImageName name, Digest manifest) {
        return shelf(name).manifests().containsKey(manifest);
    }

    @Override
    public synchronized List<String> tags(ImageName name) {
        return List.copyOf(shelf(name).tags().keySet());
    }

    @Override
    public synchronized List<Digest> referrers(ImageName name, Digest subject) {
        return shelf(name).manifests().values().stream().filter(one -> one.subject().map(Descriptor::digest).equals(Optional.of(subject)))
                .map(Manifest::digest).toList();
    }

    @Override
    public synchronized void put(ImageName name, Manifest manifest, Optional<String> tag, String principal) {
        if (tag.equals(Optional.of("fixed")) && resolve(name, "fixed").isPresent()) {
            throw new RegistryException(400, "TAG_INVALID", "The image tag 'fixed' already exists");
        }
        shelf(name).manifests().put(manifest.digest(), manifest);
        tag.ifPresent(given -> shelf(name).tags().put(given, manifest.digest()));
    }

    @Override
    public synchronized boolean untag(ImageName name, String tag) {
        return shelf(name).tags().remove(tag) != null;
    }

    @Override
    public synchronized boolean delete(ImageName name, Digest manifest) {
        shelf(name).tags().values().removeIf(manifest::equals);
        return shelf(name).manifests().remove(manifest) != null;
    }
}
