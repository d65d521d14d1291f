package dev.viridian.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the image in an unpacked archive and pushes it.
///
/// An OCI layout keeps its manifest byte for byte, so its digest stays what it was. The older layout has none; one is made for it, with the layers as
/// they are, not compressed: who loads them next is most likely an engine on this machine.
final class ArchiveImage {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String REFERENCE = "org.opencontainers.image.ref.name";
    private static final String CONTAINERD_NAME = "io.containerd.image.name";

    private final Registry registry;
    private final ImageName name;
    private final Function<String, Optional<Blob>> files;
    private final Optional<String> wanted;

    ArchiveImage(Registry registry, ImageName name, Function<String, Optional<Blob>> files, Optional<String> wanted) {
        this.registry = registry;
        this.name = name;
        this.files = files;
        this.wanted = wanted;
    }

    Manifest push(String tag, String principal) {
        Optional<JsonNode> index = json("index.json");
        if (index.isPresent() && json("oci-layout").isPresent()) {
            return pushLayout(index.get(), tag, principal);
        }
        JsonNode manifest = json("manifest.json")
                .orElseThrow(() -> RegistryException.archiveInvalid("The archive has neither an index.json nor a manifest.json"));
        return pushLegacy(manifest, tag, principal);
    }

    private Manifest pushLayout(JsonNode index, String tag, String principal) {
        List<JsonNode> entries = new ArrayList<>();
        index.path("manifests").forEach(entries::add);
        JsonNode chosen = choose(entries, entry -> List.of(text(entry.path("annotations"), CONTAINERD_NAME),
                text(entry.path("annotations"), REFERENCE)));
        Digest digest = Digest.parse(text(chosen, "digest")).orElseThrow(() -> RegistryException.archiveInvalid("index.json names no manifest"));
        return pushTree(digest, Optional.of(text(chosen, "mediaType")), Optional.of(tag), principal);
    }

    /// What an index lists is pushed before the index, except images for platforms that were not saved.
    private Manifest pushTree(Digest digest, Optional<String> mediaType, Optional<String> tag, String principal) {
        Blob blob = registry.blobs().find(name, digest)
                .orElseThrow(() -> RegistryException.archiveInvalid("The archive lacks the manifest " + digest));
        byte[] bytes = blob.bytes(Manifest.LARGEST);
        Manifest manifest = Manifest.parse(bytes, mediaType);
        List<Descriptor> present = manifest.manifests().stream().filter(entry -> registry.blobs().has(name, entry.digest())).toList();
        for (Descriptor entry : present) {
            pushTree(entry.digest(), Optional.of(entry.mediaType()), Optional.empty(), principal);
        }
        if (manifest.isIndex() && present.size() < manifest.manifests().size()) {
            return pushTree(onlyImage(present), Optional.empty(), tag, principal);
        }
        return registry.push(name, bytes, mediaType, tag, principal);
    }

    private static Digest onlyImage(List<Descriptor> present) {
        return present.stream().filter(entry -> entry.platform().map(platform -> !platform.os().equals("unknown")).orElse(true))
                .map(Descriptor::digest)
                .findFirst().orElseThrow(() -> RegistryException.archiveInvalid("The archive has an index but none of the images it lists"));
    }

    private Manifest pushLegacy(JsonNode document, String tag, String principal) {
        List<JsonNode> entries = new ArrayList<>();
        document.forEach(entries::add);
        JsonNode image = choose(entries, entry -> {
            List<String> tags = new ArrayList<>();
            entry.path("RepoTags").forEach(one -> tags.add(one.asString("")));
            return tags;
        });
        ObjectNode manifest = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
        manifest.set("config", descriptor(text(image, "Config"), MediaTypes.DOCKER_CONFIG));
        ArrayNode layers = manifest.putArray("layers");
        image.path("Layers").forEach(layer -> layers.add(descriptor(layer.asString(""), MediaTypes.DOCKER_LAYER)));
        return registry.push(name, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest), Optional.of(MediaTypes.DOCKER_MANIFEST),
                Optional.of(tag), principal);
    }

    private ObjectNode descriptor(String path, String mediaType) {
        Blob blob = files.apply(path)
                .orElseThrow(() -> RegistryException.archiveInvalid("manifest.json names " + path + ", which the archive lacks"));
        return JSON.createObjectNode().put("mediaType", mediaType).put("size", blob.size()).put("digest", blob.digest().toString());
    }

    private JsonNode choose(List<JsonNode> entries, Function<JsonNode, List<String>> names) {
        if (wanted.isPresent()) {
            Optional<JsonNode> named = entries.stream().filter(entry -> names.apply(entry).contains(wanted.get())).findFirst();
            if (named.isPresent()) {
                return named.get();
            }
        }
        if (entries.size() != 1) {
            throw RegistryException.archiveInvalid("The archive holds " + entries.size() + " images" + wanted.map(name -> ", none of them " + name)
                    .orElse(""));
        }
        return entries.getFirst();
    }

    private Optional<JsonNode> json(String path) {
        try {
            Optional<Blob> blob = files.apply(path);
            return blob.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(blob.get().bytes(Manifest.LARGEST)));
        } catch (JacksonException e) {
            throw RegistryException.archiveInvalid(path + " is not JSON: " + e.getOriginalMessage());
        }
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).asString("");
    }
}
