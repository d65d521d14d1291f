package dev.viridian.container.gateway;

import dev.viridian.container.ContainerException;
import dev.viridian.container.Images;
import dev.viridian.container.Images.RegistryLogin;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.container.gateway.ImageGateway.Pushed;
import dev.viridian.container.gateway.ImageGateway.Refused;
import dev.viridian.container.http.Body;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Moves images between the engine and claimed registries in band.
final class ImageTraffic {
    private static final Logger LOG = LoggerFactory.getLogger(ImageTraffic.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private final DockerEngine engine;
    private final ImageGateway gateway;

    ImageTraffic(DockerEngine engine, ImageGateway gateway) {
        this.engine = engine;
        this.gateway = gateway;
    }

    void push(Head head, String name, Query query, Link client) throws IOException {
        Optional<RegistryLogin> login = RegistryAuth.single(head);
        try (Answer.Stream answer = new Answer.Stream(client)) {
            answer.status("The push refers to repository [" + name + "]");
            try {
                for (ImageName image : chosen(name, query.parameter("tag"))) {
                    Pushed pushed = push(image, login, answer);
                    answer.pushed(image.reference(), pushed.digest(), pushed.size());
                }
            } catch (Refused e) {
                answer.failure(e.getMessage());
            } catch (ContainerException.ImageNotFound _) {
                answer.failure("An image does not exist locally with the tag: " + name);
            } catch (ContainerException | IOException e) {
                LOG.warn("Pushing {} failed.", name, e);
                answer.failure(String.valueOf(e.getMessage()));
            }
        }
    }

    /// Without a tag, docker means all of the repository's.
    private List<ImageName> chosen(String name, String tag) throws Refused {
        if (!tag.isEmpty()) {
            return List.of(ImageName.of(name, tag));
        }
        List<ImageName> all = engine.images().list(Map.of()).stream().flatMap(image -> image.names().stream()).map(ImageName::of)
                .filter(image -> image.repository().equals(name)).toList();
        if (all.isEmpty()) {
            throw new Refused("An image does not exist locally with the tag: " + name);
        }
        return all;
    }

    private Pushed push(ImageName image, Optional<RegistryLogin> login, Answer.Stream answer) throws IOException, Refused {
        try (InputStream saved = engine.images().save(List.of(image.full()))) {
            return gateway.push(image.repository(), image.reference(), login, saved, line -> report(answer, line));
        }
    }

    /// A client that no longer listens does not undo what the registry already took.
    private static void report(Answer.Stream answer, String line) {
        try {
            answer.status(line);
        } catch (IOException e) {
            LOG.debug("The client of a push went away: {}", e.getMessage());
        }
    }

    void pull(Head head, Query query, Link client) throws IOException {
        ImageName image = query.parameter("tag").isEmpty() ? ImageName.of(query.parameter("fromImage"))
                : ImageName.of(query.parameter("fromImage"), query.parameter("tag"));
        try {
            InputStream archive = gateway.pull(image.repository(), image.reference(), RegistryAuth.single(head));
            try (archive; Answer.Stream answer = new Answer.Stream(client)) {
                answer.status(image.reference() + ": Pulling from " + image.repository().substring(image.host().length() + 1));
                engine.images().load(archive);
                answer.status("Status: Downloaded newer image for " + image.full());
            }
        } catch (Refused e) {
            Answer.error(client, 404, e.getMessage());
        }
    }

    /// The engine builds; before it does, images of claimed registries that the Dockerfile starts from are put into it.
    void build(Head head, Query query, Link client, Relay relay) throws IOException {
        if (query.parameter("networkmode").equals("host")) {
            Answer.error(client, 403, "'docker build --network host' cannot be used in builds: the engine's host is not the build's");
            return;
        }
        if (!query.parameter("remote").isEmpty() || query.parameter("version").equals("2")) {
            relay.pass(head, client);
            return;
        }
        Path context = Files.createTempFile("viridian-context", ".tar");
        try {
            try (InputStream body = Body.ofRequest(head, client.in())) {
                Files.copy(body, context, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            preload(dockerfile(context, query.parameter("dockerfile")), query, RegistryAuth.all(head));
            try (InputStream body = Files.newInputStream(context)) {
                relay.passBody(head, body, Files.size(context), client);
            }
        } catch (Refused e) {
            Answer.error(client, 404, e.getMessage());
        } finally {
            Files.deleteIfExists(context);
        }
    }

    private void preload(String dockerfile, Query query, Map<String, RegistryLogin> logins) throws IOException, Refused {
        Map<String, String> arguments = new LinkedHashMap<>();
        if (!query.parameter("buildargs").isEmpty()) {
            MAPPER.readTree(query.parameter("buildargs")).properties()
                    .forEach(argument -> arguments.put(argument.getKey(), argument.getValue().asString("")));
        }
        boolean fresh = query.parameter("pull").equals("1") || query.parameter("pull").equals("true");
        for (String name : FromLines.images(dockerfile, arguments)) {
            ImageName image = ImageName.of(name);
            if (gateway.claims(image.host()) && (fresh || engine.images().find(image.full()).isEmpty())) {
                load(image, Optional.ofNullable(logins.get(image.host())));
            }
        }
    }

    private void load(ImageName image, Optional<RegistryLogin> login) throws IOException, Refused {
        Images images = engine.images();
        try (InputStream archive = gateway.pull(image.repository(), image.reference(), login)) {
            images.load(archive);
        }
    }

    /// Empty when the context has no such file: the engine will say so itself.
    private static String dockerfile(Path context, String chosen) throws IOException {
        String wanted = Path.of(chosen.isEmpty() ? "Dockerfile" : chosen).normalize().toString();
        try (InputStream plain = uncompressed(Files.newInputStream(context)); TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (Path.of(entry.getName()).normalize().toString().equals(wanted)) {
                    return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        return "";
    }

    private static InputStream uncompressed(InputStream file) throws IOException {
        InputStream buffered = new java.io.BufferedInputStream(file);
        try {
            String format = CompressorStreamFactory.detect(buffered);
            return new CompressorStreamFactory().createCompressorInputStream(format, buffered);
        } catch (CompressorException _) {
            return buffered;
        }
    }
}
