package dev.viridian.services.ecr;

import dev.viridian.aws.Caller;
import dev.viridian.registry.Digest;
import dev.viridian.registry.Manifest;
import dev.viridian.registry.Registry;
import dev.viridian.registry.RegistryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecr.model.*;

/// Images put and deleted by API.
final class ImageChanges {
    private final Images images;
    private final ImageQueries queries;
    private final Registry registry;
    private final Housekeeping housekeeping;

    ImageChanges(Images images, ImageQueries queries, Registry registry, Housekeeping housekeeping) {
        this.images = images;
        this.queries = queries;
        this.registry = registry;
        this.housekeeping = housekeeping;
    }

    PutImageResponse put(EcrRepository repository, PutImageRequest request) {
        byte[] bytes = request.imageManifest().getBytes(StandardCharsets.UTF_8);
        Optional<String> tag = Optional.ofNullable(request.imageTag());
        String digest = Digest.of(bytes).toString();
        if (request.imageDigest() != null && !request.imageDigest().equals(digest)) {
            throw ImageDigestDoesNotMatchException.builder().message("The specified image digest '" + request.imageDigest()
                    + "' does not match the digest '" + digest
                    + "' that Amazon ECR calculated for the image.").build();
        }
        boolean known = images.find(repository, digest).isPresent();
        Optional<String> before = tag.flatMap(name -> images.resolve(repository, name));
        if (known && (tag.isEmpty() || before.equals(Optional.of(digest)))) {
            throw Refusals.imageExists(digest, tag.orElse(null), repository.name(), repository.account());
        }
        if (before.isPresent() && repository.isImmutable(tag.orElseThrow())) {
            throw Refusals.immutable(tag.orElseThrow(), repository.name());
        }
        Manifest manifest = push(repository, request, bytes, tag);
        return PutImageResponse.builder().image(queries.shown(repository, images.find(repository, manifest.digest().toString())
                .orElseThrow(), tag)).build();
    }

    private Manifest push(EcrRepository repository, PutImageRequest request, byte[] bytes, Optional<String> tag) {
        try {
            return registry.push(repository.image(), bytes, Optional.ofNullable(request.imageManifestMediaType()), tag, Caller.current()
                    .principal().arn());
        } catch (RegistryException e) {
            throw switch (e.code()) {
                case "MANIFEST_BLOB_UNKNOWN" -> missing(repository, e);
                case "TAG_INVALID" -> Refusals.immutable(tag.orElse(""), repository.name());
                case "NAME_UNKNOWN" -> Refusals.noRepository(repository.name(), repository.account());
                default -> Refusals.parameter("ImageManifest", e.getMessage());
            };
        }
    }

    private static EcrException missing(EcrRepository repository, RegistryException e) {
        return (EcrException) LayersNotFoundException.builder().message("Something required for pushing the image into the repository with name '"
                + repository.name()
                + "' in the registry with id '" + repository.account() + "' does not exist: " + e.getMessage()).build();
    }

    BatchDeleteImageResponse delete(EcrRepository repository, BatchDeleteImageRequest request) {
        List<ImageIdentifier> deleted = new ArrayList<>();
        List<ImageFailure> failures = new ArrayList<>();
        for (ImageIdentifier id : request.imageIds()) {
            switch (queries.find(repository, id)) {
                case ImageQueries.Found.Failed failed -> failures.add(ImageQueries.failure(id, failed));
                case ImageQueries.Found.Here(EcrImage image) -> delete(repository, id, image, deleted, failures);
            }
        }
        housekeeping.soon();
        return BatchDeleteImageResponse.builder().imageIds(deleted).failures(failures).build();
    }

    /// By tag, only the tag goes while the image has others; by digest, all goes.
    private void delete(EcrRepository repository, ImageIdentifier id, EcrImage image, List<ImageIdentifier> deleted, List<ImageFailure> failures) {
        String caller = Caller.current().principal().arn();
        List<String> tags = images.tagsByDigest(repository).getOrDefault(image.digest(), List.of());
        boolean goes = id.imageTag() == null || tags.size() == 1;
        List<String> listing = goes ? images.list(repository).stream().filter(other -> other.manifests().contains(image.digest()))
                .map(EcrImage::digest).toList() : List.of();
        if (!listing.isEmpty()) {
            failures.add(ImageQueries.failure(id, new ImageQueries.Found.Failed(ImageFailureCode.IMAGE_REFERENCED_BY_MANIFEST_LIST,
                    "Requested image referenced by manifest list: " + listing)));
        } else if (id.imageTag() != null) {
            images.untag(repository, id.imageTag(), caller);
            deleted.add(ImageIdentifier.builder().imageDigest(image.digest()).imageTag(id.imageTag()).build());
        } else {
            images.delete(repository, image, caller);
            tags.forEach(tag -> deleted.add(ImageIdentifier.builder().imageDigest(image.digest()).imageTag(tag).build()));
            if (tags.isEmpty()) {
                deleted.add(ImageIdentifier.builder().imageDigest(image.digest()).build());
            }
        }
    }
}
