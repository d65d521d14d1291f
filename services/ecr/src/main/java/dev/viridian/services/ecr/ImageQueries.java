package dev.viridian.services.ecr;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.registry.Manifest;
import dev.viridian.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecr.model.*;

/// Questions about images.
final class ImageQueries {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    /// What an identifier leads to.
    sealed interface Found {
        record Here(EcrImage image) implements Found {}

        record Failed(ImageFailureCode code, String reason) implements Found {}
    }

    private final Images images;
    private final Registry registry;

    ImageQueries(Images images, Registry registry) {
        this.images = images;
        this.registry = registry;
    }

    /// Source: ECR API reference, ImageFailure; reasons as the service gives them.
    Found find(EcrRepository repository, ImageIdentifier id) {
        if (id.imageDigest() == null && id.imageTag() == null) {
            return new Found.Failed(ImageFailureCode.MISSING_DIGEST_AND_TAG, "Invalid request parameters: both tag and digest cannot be null");
        }
        if (id.imageDigest() != null && !id.imageDigest().matches("sha256:[a-f0-9]{64}")) {
            return new Found.Failed(ImageFailureCode.INVALID_IMAGE_DIGEST,
                    "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'");
        }
        Optional<String> byTag = Optional.ofNullable(id.imageTag()).flatMap(tag -> images.resolve(repository, tag));
        if (id.imageDigest() != null && byTag.isPresent() && !byTag.get().equals(id.imageDigest())) {
            return new Found.Failed(ImageFailureCode.IMAGE_TAG_DOES_NOT_MATCH_DIGEST, "Requested image tag does not match the digest");
        }
        Optional<String> digest = id.imageTag() == null ? Optional.of(id.imageDigest()) : byTag;
        return digest.flatMap(found -> images.find(repository, found)).<Found>map(Found.Here::new)
                .orElseGet(() -> new Found.Failed(ImageFailureCode.IMAGE_NOT_FOUND, "Requested image not found"));
    }

    static ImageFailure failure(ImageIdentifier id, Found.Failed failed) {
        return ImageFailure.builder().imageId(id).failureCode(failed.code()).failureReason(failed.reason()).build();
    }

    BatchGetImageResponse batchGet(EcrRepository repository, BatchGetImageRequest request) {
        List<Image> found = new ArrayList<>();
        List<ImageFailure> failures = new ArrayList<>();
        for (ImageIdentifier id : request.imageIds()) {
            switch (find(repository, id)) {
                case Found.Here(EcrImage image) -> found.add(shown(repository, image, Optional.ofNullable(id.imageTag())));
                case Found.Failed failed -> failures.add(failure(id, failed));
            }
        }
        return BatchGetImageResponse.builder().images(found).failures(failures).build();
    }

    Image shown(EcrRepository repository, EcrImage image, Optional<String> tag) {
        Manifest manifest = registry.find(repository.image(), image.digest())
                .orElseThrow(() -> new IllegalStateException("the manifest " + image.digest() + " of "
                + repository.arn() + " is not on disk, although the image is known"));
        return Image.builder().registryId(repository.account()).repositoryName(repository.name())
                .imageManifest(new String(manifest.bytes(), StandardCharsets.UTF_8))
                .imageManifestMediaType(image.mediaType()).imageId(i -> i.imageDigest(image.digest()).imageTag(tag.orElse(null))).build();
    }

    DescribeImagesResponse describe(EcrRepository repository, DescribeImagesRequest request) {
        Map<String, List<String>> tags = images.tagsByDigest(repository);
        TagStatus status = request.filter() == null ? TagStatus.ANY : Optional.ofNullable(request.filter().tagStatus()).orElse(TagStatus.ANY);
        List<EcrImage> chosen = request.imageIds().isEmpty() ? images.list(repository) : request.imageIds().stream()
                .map(id -> switch (find(repository, id)) {
            case Found.Here(EcrImage image) -> image;
            case Found.Failed _ -> throw Refusals.noImage(id, repository.name(), repository.account());
        }).distinct().toList();
        List<EcrImage> filtered = chosen.stream().filter(image -> matches(status, tags.containsKey(image.digest()))).toList();
        Pages.Page<EcrImage> page = page(filtered, request.nextToken(), request.maxResults(), EcrImage::digest);
        return DescribeImagesResponse.builder().nextToken(page.nextToken()).imageDetails(page.items().stream()
                .map(image -> detail(repository, image, tags.getOrDefault(image.digest(), List.of()))).toList()).build();
    }

    private ImageDetail detail(EcrRepository repository, EcrImage image, List<String> tags) {
        ImageDetail.Builder detail = ImageDetail.builder().registryId(repository.account()).repositoryName(repository.name())
                .imageDigest(image.digest())
                .imageTags(tags.isEmpty() ? null : tags).imageSizeInBytes(size(repository, image)).imagePushedAt(image.pushed())
                .imageManifestMediaType(image.mediaType())
                .artifactMediaType(image.artifactType().orElse(null)).subjectManifestDigest(image.subject().orElse(null))
                .imageStatus(ImageStatus.ACTIVE);
        if (repository.scanOnPush() && image.manifests().isEmpty()) {
            detail.imageScanStatus(s -> s.status(ScanStatus.FAILED).description("There is no image scanner here."));
        }
        return detail.build();
    }

    private long size(EcrRepository repository, EcrImage image) {
        return image.size() + image.manifests().stream().flatMap(digest -> images.find(repository, digest).stream()).mapToLong(EcrImage::size).sum();
    }

    ListImagesResponse list(EcrRepository repository, ListImagesRequest request) {
        TagStatus status = request.filter() == null ? TagStatus.ANY : Optional.ofNullable(request.filter().tagStatus()).orElse(TagStatus.ANY);
        Map<String, List<String>> tags = images.tagsByDigest(repository);
        List<ImageIdentifier> ids = new ArrayList<>();
        for (EcrImage image : images.list(repository)) {
            List<String> names = tags.getOrDefault(image.digest(), List.of());
            if (names.isEmpty() && matches(status, false)) {
                ids.add(ImageIdentifier.builder().imageDigest(image.digest()).build());
            }
            if (matches(status, true)) {
                names.forEach(name -> ids.add(ImageIdentifier.builder().imageDigest(image.digest()).imageTag(name).build()));
            }
        }
        Pages.Page<ImageIdentifier> page = page(ids, request.nextToken(), request.maxResults(), id -> id.imageDigest()
                + Optional.ofNullable(id.imageTag()).orElse(""));
        return ListImagesResponse.builder().imageIds(page.items()).nextToken(page.nextToken()).build();
    }

    private static boolean matches(TagStatus status, boolean tagged) {
        return switch (status) {
            case TAGGED -> tagged;
            case UNTAGGED -> !tagged;
            case ANY, UNKNOWN_TO_SDK_VERSION -> true;
        };
    }

    static <T> Pages.Page<T> page(List<T> all, @Nullable String token, @Nullable Integer max, Function<T, String> id) {
        try {
            return Pages.of(all, id, token, max == null ? Integer.valueOf(PAGE) : max, LARGEST_PAGE);
        } catch (Pages.InvalidToken _) {
            throw Refusals.parameter("nextToken", "must be a token from an earlier answer");
        }
    }
}
