package dev.viridian.services.ecr;

import dev.viridian.registry.Blob;
import dev.viridian.registry.BlobStore;
import dev.viridian.registry.Digest;
import dev.viridian.registry.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecr.model.*;

/// Layers by API, for clients that do not speak docker's protocol.
final class Layers {
    private static final long PART = 10L * 1024 * 1024;

    private final BlobStore blobs;

    Layers(BlobStore blobs) {
        this.blobs = blobs;
    }

    BatchCheckLayerAvailabilityResponse check(EcrRepository repository, List<String> digests) {
        List<Layer> layers = new ArrayList<>();
        List<LayerFailure> failures = new ArrayList<>();
        for (String text : digests) {
            Optional<Digest> digest = Digest.parse(text);
            if (digest.isEmpty()) {
                failures.add(LayerFailure.builder().layerDigest(text).failureCode(LayerFailureCode.INVALID_LAYER_DIGEST)
                        .failureReason("Invalid layer digest: " + text).build());
            } else {
                Optional<Blob> blob = blobs.find(repository.image(), digest.get());
                layers.add(Layer.builder().layerDigest(text).layerAvailability(blob.isPresent() ? LayerAvailability.AVAILABLE
                        : LayerAvailability.UNAVAILABLE)
                        .layerSize(blob.map(Blob::size).orElse(null)).build());
            }
        }
        return BatchCheckLayerAvailabilityResponse.builder().layers(layers).failures(failures).build();
    }

    InitiateLayerUploadResponse initiate(EcrRepository repository) {
        return InitiateLayerUploadResponse.builder().uploadId(blobs.uploads().begin(repository.image())).partSize(PART).build();
    }

    UploadLayerPartResponse part(EcrRepository repository, UploadLayerPartRequest request) {
        long received = upload(repository, request.uploadId(), () -> blobs.uploads().received(repository.image(), request.uploadId()));
        long length = request.layerPartBlob().asByteArrayUnsafe().length;
        if (request.partFirstByte() != received || request.partLastByte() != received + length - 1) {
            throw InvalidLayerPartException.builder().registryId(repository.account()).repositoryName(repository.name()).uploadId(request.uploadId())
                    .lastValidByteReceived(received - 1)
                    .message("The layer part must begin at byte " + received + " and have as many bytes as it says").build();
        }
        long now = upload(repository, request.uploadId(), () -> blobs.uploads()
                .append(repository.image(), request.uploadId(), received, request.layerPartBlob().asInputStream()));
        return UploadLayerPartResponse.builder().registryId(repository.account()).repositoryName(repository.name()).uploadId(request.uploadId())
                .lastByteReceived(now - 1).build();
    }

    CompleteLayerUploadResponse complete(EcrRepository repository, CompleteLayerUploadRequest request) {
        long received = upload(repository, request.uploadId(), () -> blobs.uploads().received(repository.image(), request.uploadId()));
        if (received == 0) {
            throw EmptyUploadException.builder().message("The layer upload with id '" + request.uploadId() + "' has no parts").build();
        }
        Digest digest = request.layerDigests().stream().flatMap(text -> Digest.parse(text).stream()).findFirst()
                .orElseThrow(() -> Refusals.parameter("layerDigests", "must hold a sha256 digest"));
        if (blobs.has(repository.image(), digest)) {
            throw LayerAlreadyExistsException.builder().message("Layer with digest '" + digest + "' already exists in the repository with name '"
                    + repository.name()
                    + "' in registry with id '" + repository.account() + "'").build();
        }
        Blob blob = upload(repository, request.uploadId(), () -> blobs.uploads().finish(repository.image(), request.uploadId(), digest));
        return CompleteLayerUploadResponse.builder().registryId(repository.account()).repositoryName(repository.name()).uploadId(request.uploadId())
                .layerDigest(blob.digest().toString()).build();
    }

    private static <R> R upload(EcrRepository repository, String id, Supplier<R> step) {
        try {
            return step.get();
        } catch (RegistryException e) {
            throw switch (e.code()) {
                case "BLOB_UPLOAD_UNKNOWN" -> Refusals.noUpload(id, repository.name(), repository.account());
                case "DIGEST_INVALID" -> InvalidLayerException.builder().message(e.getMessage()).build();
                default -> InvalidLayerPartException.builder().registryId(repository.account()).repositoryName(repository.name()).uploadId(id)
                        .message(e.getMessage()).build();
            };
        }
    }
}
