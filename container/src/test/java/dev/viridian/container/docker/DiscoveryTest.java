package dev.viridian.container.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.ContainerException.NoEngine;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Finding an engine, and agreeing with it, against engines that only answer what the test says.
class DiscoveryTest {
    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = Files.createTempDirectory("vd");
    }

    /// Answers every request with the same version header and body.
    private static final class Engine implements AutoCloseable {
        private final ServerSocketChannel listener;
        private final List<String> asked = new CopyOnWriteArrayList<>();

        Engine(Path socket, String apiVersion, String body) throws IOException {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            Files.createDirectories(socket.getParent());
            listener.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> answer(apiVersion, body));
        }

        private void answer(String apiVersion, String body) {
            try {
                while (true) {
                    try (Link link = Link.over(listener.accept())) {
                        Head.read(link.in()).ifPresent(head -> asked.add(head.method() + " " + head.target()));
                        Head.response(200, "OK").with("Api-Version", apiVersion).with("Content-Length", String.valueOf(body.length())).write(link.out());
                        link.out().write(body.getBytes(UTF_8));
                        link.out().flush();
                    }
                }
            } catch (ClosedChannelException _) {
                asked.add("closed");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private DockerEngine engine(Map<String, String> environment) {
        return new DockerEngine(new SystemTime(), environment, home);
    }

    @Test
    void the_api_version_is_the_engines_when_it_is_older_and_ours_when_it_is_newer() throws IOException {
        Path old = home.resolve("old.sock");
        Path fresh = home.resolve("new.sock");
        try (Engine older = new Engine(old, "1.41", "[]"); Engine newer = new Engine(fresh, "1.99", "[]")) {
            engine(Map.of("DOCKER_HOST", "unix://" + old)).list(Map.of());
            engine(Map.of("DOCKER_HOST", "unix://" + fresh)).list(Map.of());

            assertThat(older.asked).element(1).asString().startsWith("GET /v1.41/containers/json");
            assertThat(newer.asked).element(1).asString().startsWith("GET /v1.47/containers/json");
        }
    }

    @Test
    void the_chosen_docker_context_comes_before_the_usual_sockets() throws IOException {
        Path socket = home.resolve("c.sock");
        Path meta = home.resolve(".docker/contexts/meta/" + sha256("mine") + "/meta.json");
        Files.createDirectories(meta.getParent());
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\":\"mine\"}");
        Files.writeString(meta, "{\"Name\":\"mine\",\"Endpoints\":{\"docker\":{\"Host\":\"unix://" + socket + "\"}}}");
        try (Engine chosen = new Engine(socket, "1.41", "[]")) {
            engine(Map.of()).list(Map.of());
            assertThat(chosen.asked).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void without_an_engine_every_place_is_named() {
        assertThatThrownBy(() -> engine(Map.of("DOCKER_HOST", "unix:///no/such.sock")).list(Map.of())).isInstanceOf(NoEngine.class)
                .hasMessageContaining("no container engine: tried DOCKER_HOST=unix:///no/such.sock (");
        assertThatThrownBy(() -> engine(Map.of("DOCKER_HOST", "ssh://build")).list(Map.of())).isInstanceOf(NoEngine.class)
                .hasMessageContaining("only unix:// and tcp:// addresses can be dialled, not ssh://build");
        assertThatThrownBy(() -> engine(Map.of("DOCKER_HOST", "tcp://127.0.0.1:1")).list(Map.of())).isInstanceOf(NoEngine.class)
                .hasMessageContaining("tcp://127.0.0.1:1 (Connection refused");
    }

    @Test
    void an_engine_that_went_away_is_looked_for_again() throws IOException {
        Path socket = home.resolve("d.sock");
        DockerEngine engine = engine(Map.of("DOCKER_HOST", "unix://" + socket));
        try (Engine _ = new Engine(socket, "1.41", "[]")) {
            assertThat(engine.list(Map.of())).isEmpty();
        }
        Files.delete(socket);
        assertThatThrownBy(() -> engine.list(Map.of())).isInstanceOf(NoEngine.class);
        try (Engine later = new Engine(socket, "1.44", "[]")) {
            assertThat(engine.list(Map.of())).isEmpty();
            assertThat(later.asked).element(1).asString().startsWith("GET /v1.44/");
        }
    }

    @Test
    void rubbish_instead_of_an_answer_is_a_failure_of_the_engine() throws IOException {
        Path socket = home.resolve("e.sock");
        try (Engine _ = new Engine(socket, "1.41", "<html>")) {
            assertThatThrownBy(() -> engine(Map.of("DOCKER_HOST", "unix://" + socket)).list(Map.of())).isInstanceOf(EngineFailure.class)
                    .hasMessageContaining("list containers");
        }
    }

    private static String sha256(String text) {
        try {
            return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
