package dev.viridian.services.ecr;

import dev.viridian.registry.Catalog;
import dev.viridian.registry.Digest;
import dev.viridian.registry.ImageName;
import dev.viridian.registry.Manifest;
import dev.viridian.registry.RegistryException;
import java.util.List;
import java.util.Optional;

/// What the image registry knows of repositories, tags and images, it knows from here.
final class EcrCatalog implements Catalog {
    private final Repositories repositories;
    private final Images images;

    EcrCatalog(Repositories repositories, Images images) {
        this.repositories = repositories;
        this.images = images;
    }

    @Override
    public boolean exists(ImageName name) {
        return repositories.find(name).isPresent();
    }

    @Override
    public Optional<Digest> resolve(ImageName name, String tag) {
        return images.resolve(require(name), tag).flatMap(Digest::parse);
    }

    @Override
    public boolean contains(ImageName name, Digest manifest) {
        return images.find(require(name), manifest.toString()).isPresent();
    }

    @Override
    public List<String> tags(ImageName name) {
        return images.tags(require(name)).stream().map(Images.Tag::name).toList();
    }

    @Override
    public List<Digest> referrers(ImageName name, Digest subject) {
        return images.list(require(name)).stream().filter(image -> image.subject().equals(Optional.of(subject.toString())))
                .flatMap(image -> Digest.parse(image.digest()).stream()).toList();
    }

    @Override
    public void put(ImageName name, Manifest manifest, Optional<String> tag, String principal) {
        EcrRepository repository = require(name);
        switch (images.put(repository, manifest, tag, principal)) {
            case STORED, UNCHANGED -> { }
            case TAG_IS_IMMUTABLE -> throw new RegistryException(400, "TAG_INVALID", Refusals.immutableText(tag.orElseThrow(), name.repository()));
            case REPOSITORY_IS_GONE -> throw unknown(name);
        }
    }

    /// ECR deletes images through its own API only.
    @Override
    public boolean untag(ImageName name, String tag) {
        throw new RegistryException(405, "UNSUPPORTED", "The operation is unsupported.");
    }

    @Override
    public boolean delete(ImageName name, Digest manifest) {
        throw new RegistryException(405, "UNSUPPORTED", "The operation is unsupported.");
    }

    private EcrRepository require(ImageName name) {
        return repositories.find(name).orElseThrow(() -> unknown(name));
    }

    static RegistryException unknown(ImageName name) {
        return new RegistryException(404, "NAME_UNKNOWN", Refusals.noRepositoryText(name.repository(), name.namespace().split("/")[0]));
    }
}
