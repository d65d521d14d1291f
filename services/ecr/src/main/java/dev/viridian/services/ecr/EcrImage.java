package dev.viridian.services.ecr;

import dev.viridian.registry.Descriptor;
import dev.viridian.registry.Digest;
import dev.viridian.registry.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An image as it is stored: what its manifest says, so that questions are answered without reading it.
///
/// @param size of layers and configuration as transferred
/// @param blobs digests of layers and configuration
/// @param manifests digests of the images an index lists
/// @param subject what this is attached to
record EcrImage(String digest, String mediaType, Optional<String> artifactType, long size, Instant pushed, List<String> blobs,
        List<String> manifests, Optional<String> subject) {

    static EcrImage of(Manifest manifest, Instant now) {
        return new EcrImage(manifest.digest().toString(), manifest.mediaType(), manifest.artifactType()
                .or(() -> manifest.config().map(Descriptor::mediaType)), manifest.size(),
                now, digests(manifest.blobs()), digests(manifest.manifests()), manifest.subject().map(subject -> subject.digest().toString()));
    }

    /// Everything that must stay on disk for this image.
    Set<Digest> needs() {
        return Stream.concat(Stream.of(digest), blobs.stream()).map(text -> Digest.parse(text).orElseThrow()).collect(Collectors.toSet());
    }

    private static List<String> digests(List<Descriptor> descriptors) {
        return descriptors.stream().map(descriptor -> descriptor.digest().toString()).distinct().toList();
    }
}
