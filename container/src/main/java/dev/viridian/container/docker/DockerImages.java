package dev.viridian.container.docker;

import dev.viridian.container.ContainerException.BuildFailed;
import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ImageConfig;
import dev.viridian.container.Images;
import dev.viridian.container.docker.EngineApi.Payload;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The images of a Docker-compatible engine.
final class DockerImages implements Images {
    private final EngineApi api;

    DockerImages(EngineApi api) {
        this.api = api;
    }

    @Override
    public Optional<Image> find(String reference) {
        try (Reply reply = api.get("find image " + reference, "/images/" + reference + "/json")) {
            return reply.status() == 404 ? Optional.empty() : Optional.of(image(reply.orThrow().json()));
        }
    }

    @Override
    public List<Image> list(Map<String, String> labels) {
        try (Reply reply = api.get("list images", "/images/json?filters=" + CreateBody.labelFilter(labels)).orThrow()) {
            List<Image> images = new ArrayList<>();
            for (JsonNode node : reply.json().values()) {
                find(node.path("Id").asString("")).ifPresent(images::add);
            }
            return images;
        }
    }

    @Override
    public Image pull(String reference, Optional<RegistryLogin> login, Consumer<String> progress) {
        String attempted = "pull image " + reference;
        Name name = Name.of(reference);
        String path = "/images/create?fromImage=" + EngineApi.encoded(name.repository()) + "&tag=" + EngineApi.encoded(name.version());
        try (Reply reply = api.send(attempted, "POST", path, new Payload.None(), login.map(DockerImages::header))) {
            if (!reply.succeeded()) {
                throw new ImageNotFound(attempted, reference, reply.message());
            }
            Progress.read(reply, progress, reason -> new ImageNotFound(attempted, reference, reason));
        }
        return find(reference).orElseThrow(() -> new ImageNotFound(attempted, reference, "the engine does not have it after pulling it"));
    }

    @Override
    public void push(String reference, Optional<RegistryLogin> login, Consumer<String> progress) {
        String attempted = "push image " + reference;
        Name name = Name.of(reference);
        // without any X-Registry-Auth the engine refuses the request as malformed
        String auth = login.map(DockerImages::header).orElse(encoded("{}"));
        String path = "/images/" + name.repository() + "/push?tag=" + EngineApi.encoded(name.version());
        try (Reply reply = api.send(attempted, "POST", path, new Payload.None(), Optional.of(auth))) {
            if (reply.status() == 404) {
                throw new ImageNotFound(attempted, reference, reply.message());
            }
            Progress.read(reply.orThrow(), progress, reason -> new EngineFailure(attempted, reason));
        }
    }

    @Override
    public void tag(String reference, String newName) {
        String attempted = "tag image " + reference + " as " + newName;
        Name name = Name.of(newName);
        String path = "/images/" + reference + "/tag?repo=" + EngineApi.encoded(name.repository()) + "&tag=" + EngineApi.encoded(name.version());
        try (Reply reply = api.post(attempted, path)) {
            if (reply.status() == 404) {
                throw new ImageNotFound(attempted, reference, reply.message());
            }
            reply.orThrow();
        }
    }

    @Override
    public void remove(String reference) {
        try (Reply reply = api.delete("remove image " + reference, "/images/" + reference + "?force=1")) {
            if (reply.status() != 404) {
                reply.orThrow();
            }
        }
    }

    @Override
    public Image importImage(String name, InputStream rootFileSystemTar, ImageConfig config) {
        String attempted = "import image " + name;
        Name target = Name.of(name);
        StringBuilder path = new StringBuilder("/images/create?fromSrc=-&repo=" + EngineApi.encoded(target.repository())
                + "&tag=" + EngineApi.encoded(target.version()));
        Dockerfile.changes(config).forEach(change -> path.append("&changes=").append(EngineApi.encoded(change)));
        try (Reply reply = api.send(attempted, "POST", path.toString(), new Payload.OfTar(rootFileSystemTar), Optional.empty()).orThrow()) {
            Progress.read(reply, _ -> {}, reason -> new EngineFailure(attempted, reason));
        }
        if (!config.stopSignal().isEmpty()) {
            // an import refuses STOPSIGNAL: one more step on top says it
            InputStream context = Dockerfile.context("FROM " + name + "\nSTOPSIGNAL " + config.stopSignal() + "\n");
            return build(name, context, "Dockerfile", Map.of(), Map.of(), _ -> {});
        }
        return present(attempted, name);
    }

    @Override
    public InputStream save(List<String> references) {
        String attempted = "save images " + references;
        List<String> names = references.stream().map(reference -> "names=" + EngineApi.encoded(reference)).toList();
        Reply reply = api.get(attempted, "/images/get?" + String.join("&", names));
        if (reply.status() == 404) {
            String message = reply.message();
            reply.close();
            throw new ImageNotFound(attempted, references.getFirst(), message);
        }
        return reply.orThrow().stream();
    }

    @Override
    public List<String> load(InputStream archive) {
        String attempted = "load images";
        List<String> loaded = new ArrayList<>();
        try (Reply reply = api.send(attempted, "POST", "/images/load?quiet=1", new Payload.OfTar(archive), Optional.empty()).orThrow()) {
            Progress.read(reply, line -> loadedName(line).ifPresent(loaded::add), reason -> new EngineFailure(attempted, reason));
        }
        return loaded;
    }

    @Override
    public Image build(String name, InputStream contextTar, String dockerfile, Map<String, String> arguments, Map<String, String> labels,
                       Consumer<String> progress) {
        String attempted = "build image " + name;
        Function<Map<String, String>, String> json = map -> {
            ObjectNode node = Json.object();
            map.forEach(node::put);
            return EngineApi.encoded(node.toString());
        };
        String path = "/build?rm=1&forcerm=1&t=" + EngineApi.encoded(name) + "&dockerfile=" + EngineApi.encoded(dockerfile)
                + "&buildargs=" + json.apply(arguments) + "&labels=" + json.apply(labels);
        try (Reply reply = api.send(attempted, "POST", path, new Payload.OfTar(contextTar), Optional.empty())) {
            if (!reply.succeeded()) {
                throw new BuildFailed(attempted, reply.message());
            }
            Progress.read(reply, progress, reason -> new BuildFailed(attempted, reason));
        }
        return present(attempted, name);
    }

    private Image present(String attempted, String name) {
        return find(name).orElseThrow(() -> new EngineFailure(attempted, "the engine does not have the image afterwards"));
    }

    private static Optional<String> loadedName(String line) {
        for (String prefix : List.of("Loaded image: ", "Loaded image ID: ")) {
            if (line.startsWith(prefix)) {
                return Optional.of(line.substring(prefix.length()).strip());
            }
        }
        return Optional.empty();
    }

    private static Image image(JsonNode node) {
        JsonNode config = node.path("Config");
        Map<String, String> environment = new LinkedHashMap<>();
        for (String pair : Json.strings(config.path("Env"))) {
            environment.put(pair.split("=", 2)[0], pair.contains("=") ? pair.split("=", 2)[1] : "");
        }
        List<String> exposed = new ArrayList<>();
        config.path("ExposedPorts").properties().forEach(port -> exposed.add(port.getKey()));
        Map<String, String> labels = Json.map(config.path("Labels"));
        ImageConfig of = new ImageConfig(Json.strings(config.path("Entrypoint")), Json.strings(config.path("Cmd")), environment, labels, exposed,
                config.path("User").asString(""), config.path("WorkingDir").asString(""), config.path("StopSignal").asString(""));
        return new Image(node.path("Id").asString(""), Json.strings(node.path("RepoTags")), Json.strings(node.path("RepoDigests")),
                node.path("Size").asLong(0), labels, of);
    }

    private static String header(RegistryLogin login) {
        return encoded(Json.object().put("username", login.user()).put("password", login.password()).toString());
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
