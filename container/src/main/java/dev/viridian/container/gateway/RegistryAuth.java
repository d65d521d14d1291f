package dev.viridian.container.gateway;

import dev.viridian.container.Images.RegistryLogin;
import dev.viridian.container.http.Head;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The credentials docker's client sends along: one login in `X-Registry-Auth`, one per registry in `X-Registry-Config`.
final class RegistryAuth {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private RegistryAuth() {}

    static Optional<RegistryLogin> single(Head head) {
        return head.first("X-Registry-Auth").flatMap(value -> login(json(value)));
    }

    /// By registry host.
    static Map<String, RegistryLogin> all(Head head) {
        Map<String, RegistryLogin> logins = new LinkedHashMap<>();
        head.first("X-Registry-Config").map(RegistryAuth::json).ifPresent(json -> json.properties().forEach(
                entry -> login(entry.getValue()).ifPresent(login -> logins.put(ImageName.server(entry.getKey()), login))));
        return logins;
    }

    static Optional<RegistryLogin> login(JsonNode node) {
        String user = node.path("username").asString("");
        String password = node.path("password").asString("");
        return user.isEmpty() || password.isEmpty() ? Optional.empty() : Optional.of(new RegistryLogin(user, password));
    }

    private static JsonNode json(String header) {
        String standard = header.replace('-', '+').replace('_', '/');
        return MAPPER.readTree(new String(Base64.getMimeDecoder().decode(standard), StandardCharsets.UTF_8));
    }
}
