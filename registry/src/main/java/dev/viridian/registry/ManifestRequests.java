package dev.viridian.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Manifests, tags and referrers over HTTP.
final class ManifestRequests {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /// Source: OCI distribution specification 1.1, "Pulling manifests".
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    private static final int MOST_TAGS = 1_000;

    private final Registry registry;

    ManifestRequests(Registry registry) {
        this.registry = registry;
    }

    void manifest(Exchange exchange, String reference) throws IOException {
        switch (exchange.method()) {
            case "PUT" -> put(exchange, reference);
            case "DELETE" -> delete(exchange, reference);
            default -> get(exchange, reference);
        }
    }

    private void get(Exchange exchange, String reference) throws IOException {
        Manifest manifest = registry.find(exchange.name(), reference).orElseThrow(RegistryException::manifestUnknown);
        exchange.status(200).answer("Docker-Content-Digest", manifest.digest()).answer("ETag", "\"" + manifest.digest() + "\"")
                .send(manifest.mediaType(), manifest.bytes());
    }

    private void put(Exchange exchange, String reference) throws IOException {
        Optional<Digest> digest = Digest.parse(reference);
        if (digest.isEmpty() && !TAG.matcher(reference).matches()) {
            throw new RegistryException(400, "TAG_INVALID", "'" + reference + "' is neither a tag nor a sha256 digest");
        }
        byte[] bytes = exchange.body(Manifest.LARGEST);
        if (digest.isPresent() && !digest.get().equals(Digest.of(bytes))) {
            throw RegistryException.digestInvalid("The manifest has the digest " + Digest.of(bytes) + ", not " + reference);
        }
        Optional<String> tag = digest.isPresent() ? Optional.empty() : Optional.of(reference);
        Manifest manifest = registry.push(exchange.name(), bytes, exchange.header("Content-Type"), tag, exchange.principal());
        manifest.subject().ifPresent(subject -> exchange.answer("OCI-Subject", subject.digest()));
        exchange.status(201).location("/manifests/" + manifest.digest()).answer("Docker-Content-Digest", manifest.digest()).sendNothing();
    }

    private void delete(Exchange exchange, String reference) {
        boolean found = Digest.parse(reference).map(digest -> registry.catalog().delete(exchange.name(), digest))
                .orElseGet(() -> registry.catalog().untag(exchange.name(), reference));
        if (!found) {
            throw RegistryException.manifestUnknown();
        }
        exchange.status(202).sendNothing();
    }

    void tags(Exchange exchange, String rest) throws IOException {
        if (!rest.equals("list")) {
            throw new RegistryException(404, "UNSUPPORTED", "There is nothing here but tags/list");
        }
        int most = exchange.query("n").filter(n -> n.matches("\\d{1,6}")).map(Integer::parseInt).orElse(MOST_TAGS);
        String last = exchange.query("last").orElse("");
        List<String> after = registry.catalog().tags(exchange.name()).stream().filter(tag -> tag.compareTo(last) > 0).toList();
        List<String> page = after.subList(0, Math.min(most, after.size()));
        if (page.size() < after.size() && !page.isEmpty()) {
            exchange.answer("Link", "</v2/" + exchange.path() + "/tags/list?n=" + most + "&last=" + page.getLast() + ">; rel=\"next\"");
        }
        ObjectNode answer = JSON.createObjectNode().put("name", exchange.path());
        ArrayNode tags = answer.putArray("tags");
        page.forEach(tags::add);
        exchange.status(200).send("application/json", JSON.writeValueAsBytes(answer));
    }

    void referrers(Exchange exchange, String reference) throws IOException {
        Digest subject = Digest.parse(reference).orElseThrow(() -> RegistryException.digestInvalid("'" + reference + "' is not a sha256 digest"));
        Optional<String> type = exchange.query("artifactType");
        ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
        ArrayNode entries = index.putArray("manifests");
        for (Digest digest : registry.catalog().referrers(exchange.name(), subject)) {
            registry.find(exchange.name(), digest.toString()).map(ManifestRequests::referrer)
                    .filter(entry -> type.isEmpty() || type.get().equals(entry.path("artifactType").asString(""))).ifPresent(entries::add);
        }
        type.ifPresent(_ -> exchange.answer("OCI-Filters-Applied", "artifactType"));
        exchange.status(200).send(MediaTypes.OCI_INDEX, JSON.writeValueAsBytes(index));
    }

    private static ObjectNode referrer(Manifest manifest) {
        ObjectNode entry = JSON.createObjectNode().put("mediaType", manifest.mediaType()).put("digest", manifest.digest().toString())
                .put("size", manifest.bytes().length);
        manifest.artifactType().or(() -> manifest.config().map(Descriptor::mediaType)).ifPresent(type -> entry.put("artifactType", type));
        JsonNode annotations = JSON.readTree(manifest.bytes()).path("annotations");
        if (annotations.isObject()) {
            entry.set("annotations", annotations);
        }
        return entry;
    }
}
