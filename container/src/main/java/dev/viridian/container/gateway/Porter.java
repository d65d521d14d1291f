package dev.viridian.container.gateway;

import dev.viridian.container.ContainerException;
import dev.viridian.container.Images.RegistryLogin;
import dev.viridian.container.docker.DockerEngine;
import dev.viridian.container.gateway.ImageGateway.Refused;
import dev.viridian.container.http.Body;
import dev.viridian.container.http.Head;
import dev.viridian.container.http.Link;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Attends to one request of a tenant: asks [Rules], then answers itself or passes it on.
final class Porter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private final DockerEngine engine;
    private final ImageGateway images;
    private final Tenant tenant;
    private final Relay relay;
    private final ImageTraffic traffic;

    Porter(DockerEngine engine, ImageGateway images, Tenant tenant) {
        this.engine = engine;
        this.images = images;
        this.tenant = tenant;
        this.relay = new Relay(engine);
        this.traffic = new ImageTraffic(engine, images);
    }

    void attend(Link client) throws IOException {
        Optional<Head> head = Head.read(client.in());
        if (head.isPresent()) {
            try {
                attend(head.get(), client);
            } catch (ContainerException e) {
                Answer.error(client, 500, e.getMessage());
            }
        }
    }

    private void attend(Head head, Link client) throws IOException {
        Query query = Query.of(head.target());
        switch (Rules.judge(head.method(), query.path())) {
            case Verdict.Pass() -> relay.pass(head, client);
            case Verdict.Deny(String message) -> Answer.error(client, 403, message);
            case Verdict.IfOwnContainer(String id) -> ifOwn(ownsContainer(id), "No such container: " + id, head, client);
            case Verdict.IfOwnNetwork(String id) -> ifOwn(ownsNetwork(id), "network " + id + " not found", head, client);
            case Verdict.ListOwn() -> relay.pass(head.withStartLine(line(head, query.with("filters", restricted(query)))), client);
            case Verdict.CreateContainer() -> createContainer(head, client);
            case Verdict.CreateLabelled() -> relay.passJson(head, labelled(body(head, client)), client);
            case Verdict.Login() -> login(head, client);
            case Verdict.Push(String name) when images.claims(ImageName.of(name).host()) -> traffic.push(head, name, query, client);
            case Verdict.Push _ -> relay.pass(head, client);
            case Verdict.Pull() when images.claims(ImageName.of(query.parameter("fromImage")).host()) -> traffic.pull(head, query, client);
            case Verdict.Pull() -> relay.pass(head, client);
            case Verdict.Build() -> traffic.build(head, query, client, relay);
        }
    }

    private void ifOwn(boolean own, String otherwise, Head head, Link client) throws IOException {
        if (own) {
            relay.pass(head, client);
        } else {
            // what belongs to others does not exist for this tenant
            Answer.error(client, 404, otherwise);
        }
    }

    private boolean ownsContainer(String id) {
        return engine.inspect(id).filter(state -> state.labels().entrySet().containsAll(tenant.labels().entrySet())).isPresent();
    }

    private boolean ownsNetwork(String id) {
        return engine.networks(tenant.labels()).stream().anyMatch(network -> network.id().equals(id) || network.name().equals(id));
    }

    private void createContainer(Head head, Link client) throws IOException {
        ObjectNode body = body(head, client);
        Optional<String> forbidden = Rules.forbidden(body)
                .or(() -> Rules.joined(body).stream().filter(id -> !ownsContainer(id)).findFirst().map(id -> "No such container: " + id));
        if (forbidden.isPresent()) {
            Answer.error(client, 403, forbidden.get());
        } else {
            relay.passJson(head, labelled(body), client);
        }
    }

    private ObjectNode labelled(ObjectNode body) {
        ObjectNode labels = body.path("Labels").isObject() ? (ObjectNode) body.path("Labels") : body.putObject("Labels");
        tenant.labels().forEach(labels::put);
        return body;
    }

    private static ObjectNode body(Head head, Link client) throws IOException {
        JsonNode node = MAPPER.readTree(Body.ofRequest(head, client.in()).readAllBytes());
        return node.isObject() ? (ObjectNode) node : MAPPER.createObjectNode();
    }

    private void login(Head head, Link client) throws IOException {
        ObjectNode body = body(head, client);
        String host = ImageName.server(body.path("serveraddress").asString(""));
        if (!images.claims(host)) {
            relay.passJson(head, body, client);
            return;
        }
        try {
            RegistryLogin login = RegistryAuth.login(body).orElseThrow(() -> new Refused("unauthorized: user name and password are required"));
            images.authenticate(host, login.user(), login.password());
            Answer.json(client, 200, MAPPER.createObjectNode().put("Status", "Login Succeeded").put("IdentityToken", ""));
        } catch (Refused e) {
            Answer.error(client, 401, e.getMessage());
        }
    }

    /// The client's own filters, and the tenant's labels. Older clients write `{"label":{"a=b":true}}`.
    private String restricted(Query query) {
        String given = query.parameter("filters");
        JsonNode filters = given.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(given.getBytes(StandardCharsets.UTF_8));
        ObjectNode result = MAPPER.createObjectNode();
        filters.properties().forEach(filter -> {
            ArrayNode values = result.putArray(filter.getKey());
            if (filter.getValue().isObject()) {
                filter.getValue().properties().forEach(value -> values.add(value.getKey()));
            } else {
                filter.getValue().values().forEach(value -> values.add(value.asString("")));
            }
        });
        ArrayNode labels = result.path("label").isArray() ? (ArrayNode) result.path("label") : result.putArray("label");
        for (Map.Entry<String, String> label : tenant.labels().entrySet()) {
            labels.add(label.getKey() + "=" + label.getValue());
        }
        return result.toString();
    }

    private static String line(Head head, Query query) {
        return head.method() + " " + query.target() + " HTTP/1.1";
    }
}
