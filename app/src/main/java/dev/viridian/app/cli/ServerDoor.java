package dev.viridian.app.cli;

import dev.viridian.app.cli.Main.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/// Asks a running server's own endpoints, those under `/_viridian/`.
final class ServerDoor implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DataFolder.Server server;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    ServerDoor(DataFolder.Server server) {
        this.server = server;
    }

    <T> T ask(String path, Class<T> type) {
        return JSON.readValue(ask(path), type);
    }

    String ask(String path) {
        URI url = URI.create(server.endpoint() + "/_viridian/" + path);
        try {
            HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(10)).build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new Problem("the server answered " + response.statusCode() + " to " + url);
            }
            return response.body();
        } catch (IOException e) {
            throw new Problem("the server does not answer at " + url + ": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("interrupted while the server was asked at " + url);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
