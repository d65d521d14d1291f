package dev.viridian.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an image is made of, or which images an index lists. Read from JSON and kept byte for byte, as its digest is over the bytes.
///
/// @param config of an image; absent in an index
/// @param layers of an image, lowest first
/// @param manifests an index lists
/// @param subject what this is attached to, for signatures and the like
/// @param artifactType what a thing that is no container image calls itself
public record Manifest(String mediaType, Digest digest, byte[] bytes, Optional<Descriptor> config, List<Descriptor> layers,
        List<Descriptor> manifests,
        Optional<Descriptor> subject, Optional<String> artifactType) {
    /// Source: OCI distribution specification 1.1, "Pushing manifests": registries should take 4 MiB.
    public static final int LARGEST = 4 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// @param declared the media type the sender gave; must agree with the document's own
    /// @throws RegistryException when this is no manifest of a kind known here
    public static Manifest parse(byte[] bytes, Optional<String> declared) {
        if (bytes.length > LARGEST) {
            throw new RegistryException(413, "SIZE_INVALID", "A manifest may have " + LARGEST + " bytes, this one has " + bytes.length);
        }
        JsonNode json = read(bytes);
        String type = type(json, declared);
        boolean index = MediaTypes.isIndex(type);
        if (!index && !MediaTypes.isImage(type)) {
            throw RegistryException.manifestInvalid("Manifests of the type " + type + " are not supported");
        }
        Optional<Descriptor> config = index ? Optional.empty() : Optional.of(descriptor(json.path("config"), "config"));
        return new Manifest(type, Digest.of(bytes), bytes, config, index ? List.of() : descriptors(json, "layers"),
                index ? descriptors(json, "manifests") : List.of(), json.has("subject") ? Optional.of(descriptor(json.path("subject"), "subject"))
                : Optional.empty(),
                Optional.ofNullable(json.path("artifactType").asString(null)));
    }

    public boolean isIndex() {
        return MediaTypes.isIndex(mediaType);
    }

    /// Bytes of everything an image needs, as transferred.
    public long size() {
        return layers.stream().mapToLong(Descriptor::size).sum() + config.map(Descriptor::size).orElse(0L);
    }

    /// All blobs this manifest itself refers to and that must be here.
    public List<Descriptor> blobs() {
        List<Descriptor> all = new ArrayList<>(layers.stream().filter(layer -> !layer.elsewhere()).toList());
        config.ifPresent(all::add);
        return all;
    }

    private static JsonNode read(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (!json.isObject() || json.path("schemaVersion").asInt(0) != 2) {
                throw RegistryException.manifestInvalid("A manifest is a JSON object with schemaVersion 2");
            }
            return json;
        } catch (JacksonException e) {
            throw RegistryException.manifestInvalid("The manifest is not JSON: " + e.getOriginalMessage());
        }
    }

    private static String type(JsonNode json, Optional<String> declared) {
        Optional<String> own = Optional.ofNullable(json.path("mediaType").asString(null));
        Optional<String> given = declared.map(type -> type.split(";", 2)[0].strip()).filter(type -> !type.isEmpty());
        if (own.isPresent() && given.isPresent() && !own.equals(given)) {
            throw RegistryException.manifestInvalid("The manifest says it is " + own.get() + " but was sent as " + given.get());
        }
        if (own.isEmpty() && given.filter(type -> type.startsWith("application/vnd.docker.")).isPresent()) {
            throw RegistryException.manifestInvalid("A manifest of the type " + given.get() + " must say so in its mediaType");
        }
        return own.or(() -> given).orElseGet(() -> json.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST);
    }

    private static List<Descriptor> descriptors(JsonNode json, String field) {
        if (!json.path(field).isArray()) {
            throw RegistryException.manifestInvalid("The manifest has no list '" + field + "'");
        }
        List<Descriptor> all = new ArrayList<>();
        for (JsonNode one : json.path(field)) {
            all.add(descriptor(one, field));
        }
        return List.copyOf(all);
    }

    private static Descriptor descriptor(JsonNode json, String field) {
        Optional<Digest> digest = Digest.parse(json.path("digest").asString(""));
        long size = json.path("size").asLong(-1);
        if (digest.isEmpty() || size < 0) {
            throw RegistryException.manifestInvalid("An entry of '" + field + "' has no sha256 digest or no size");
        }
        JsonNode platform = json.path("platform");
        return new Descriptor(json.path("mediaType").asString(""), digest.get(), size, !json.path("urls").isEmpty(),
                platform.isObject() ? Optional.of(new Platform(platform.path("os").asString(""), platform.path("architecture").asString("")))
                : Optional.empty());
    }
}
