package dev.viridian.container.docker;

import dev.viridian.container.ContainerException.NoEngine;
import dev.viridian.container.http.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where engines are looked for, in this order: `DOCKER_HOST`, the current docker context, the sockets of Docker, Docker Desktop, Colima, Rancher
/// Desktop and Podman. An explicit `DOCKER_HOST` ends the search: who says where it is does not want another one.
final class Discovery {
    private final Map<String, String> environment;
    private final Path home;

    Discovery(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    /// The first engine that answers.
    ///
    /// @throws NoEngine naming every place and what was found there
    Connected connect(String attempted) {
        List<String> tried = new ArrayList<>();
        for (Candidate candidate : candidates()) {
            try {
                return Connected.greet(candidate.dialable());
            } catch (IOException | IllegalArgumentException e) {
                tried.add(candidate.where() + " (" + reason(candidate, e) + ")");
            }
        }
        throw new NoEngine(attempted, tried);
    }

    /// @param where for people, for example `DOCKER_HOST=tcp://build:2376`
    private record Candidate(String where, String address, @Nullable Path certificates) {
        Endpoint dialable() throws IOException {
            SSLContext tls = certificates == null ? null : DockerCertificates.in(certificates);
            return Endpoint.parse(address, tls);
        }
    }

    private static String reason(Candidate candidate, Exception e) {
        boolean missing = candidate.address().startsWith("/") && !Files.exists(Path.of(candidate.address()));
        return missing ? "no such socket" : String.valueOf(e.getMessage());
    }

    private List<Candidate> candidates() {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (!host.isEmpty()) {
            return List.of(new Candidate("DOCKER_HOST=" + host, host, certificatesOfEnvironment()));
        }
        List<Candidate> candidates = new ArrayList<>();
        context().ifPresent(candidates::add);
        for (String socket : sockets()) {
            candidates.add(new Candidate(socket, socket, null));
        }
        return candidates;
    }

    private List<String> sockets() {
        List<String> sockets = new ArrayList<>(List.of("/var/run/docker.sock", home + "/.docker/run/docker.sock",
                home + "/.colima/default/docker.sock", home + "/.rd/docker.sock"));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty()) {
            sockets.add(runtime + "/podman/podman.sock");
        }
        sockets.add("/run/podman/podman.sock");
        return sockets;
    }

    private @Nullable Path certificatesOfEnvironment() {
        if (environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty()) {
            return null;
        }
        String path = environment.getOrDefault("DOCKER_CERT_PATH", "");
        return path.isEmpty() ? home.resolve(".docker") : Path.of(path);
    }

    /// The context chosen by `docker context use`, unless it is the default one.
    private Optional<Candidate> context() {
        Path docker = home.resolve(".docker");
        String name = environment.getOrDefault("DOCKER_CONTEXT", Json.read(docker.resolve("config.json")).path("currentContext").asString(""));
        if (name.isEmpty() || name.equals("default")) {
            return Optional.empty();
        }
        String folder = sha256(name);
        JsonNode meta = Json.read(docker.resolve("contexts/meta/" + folder + "/meta.json"));
        String address = meta.path("Endpoints").path("docker").path("Host").asString("");
        Path certificates = docker.resolve("contexts/tls/" + folder + "/docker");
        String where = "docker context " + name + " at " + address;
        return address.isEmpty() ? Optional.empty()
                : Optional.of(new Candidate(where, address, Files.isDirectory(certificates) ? certificates : null));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
