package dev.viridian.container.docker;

import dev.viridian.container.ContainerException.NetworkConflict;
import dev.viridian.container.Network;
import dev.viridian.container.NetworkSpec;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Bridge networks with subnets of choice.
final class DockerNetworks {
    private final EngineApi api;

    DockerNetworks(EngineApi api) {
        this.api = api;
    }

    Network ensure(NetworkSpec spec) {
        Optional<Network> present = find(spec.name());
        if (present.isPresent()) {
            return fitting(spec, present.get());
        }
        String attempted = "create network " + spec.name() + " with subnet " + spec.subnet();
        try (Reply reply = api.post(attempted, "/networks/create", body(spec))) {
            // 409: another thread was quicker; 403 and 400 and 500: the subnet overlaps, in the words of different engines
            if (!reply.succeeded() && reply.status() != 409) {
                throw new NetworkConflict(attempted, reply.message());
            }
        }
        return fitting(spec, find(spec.name()).orElseThrow(() -> new NetworkConflict(attempted, "the engine does not have it afterwards")));
    }

    Optional<Network> find(String name) {
        try (Reply reply = api.get("inspect network " + name, "/networks/" + EngineApi.encoded(name))) {
            return reply.status() == 404 ? Optional.empty() : Optional.of(network(reply.orThrow().json()));
        }
    }

    List<Network> list(Map<String, String> labels) {
        try (Reply reply = api.get("list networks", "/networks?filters=" + CreateBody.labelFilter(labels)).orThrow()) {
            List<Network> networks = new ArrayList<>();
            reply.json().values().forEach(node -> networks.add(network(node)));
            return networks;
        }
    }

    void remove(String name) {
        try (Reply reply = api.delete("remove network " + name, "/networks/" + EngineApi.encoded(name))) {
            if (reply.status() != 404) {
                reply.orThrow();
            }
        }
    }

    private static Network fitting(NetworkSpec spec, Network network) {
        if (!network.subnet().equals(spec.subnet())) {
            throw new NetworkConflict("use network " + spec.name() + " with subnet " + spec.subnet(),
                    "a network of that name exists with subnet " + network.subnet());
        }
        return network;
    }

    private static ObjectNode body(NetworkSpec spec) {
        ObjectNode body = Json.object().put("Name", spec.name()).put("Driver", "bridge").put("CheckDuplicate", true);
        body.putObject("IPAM").put("Driver", "default").putArray("Config").addObject()
                .put("Subnet", spec.subnet()).put("Gateway", firstAddress(spec.subnet()));
        ObjectNode labels = body.putObject("Labels");
        spec.labels().forEach(labels::put);
        return body;
    }

    private static Network network(JsonNode node) {
        JsonNode config = node.path("IPAM").path("Config").path(0);
        String subnet = config.path("Subnet").asString("");
        String gateway = config.path("Gateway").asString("");
        return new Network(node.path("Id").asString(""), node.path("Name").asString(""), subnet,
                gateway.isEmpty() && !subnet.isEmpty() ? firstAddress(subnet) : gateway, Json.map(node.path("Labels")));
    }

    /// The engine gives a bridge the first address of its subnet, but does not always say so.
    private static String firstAddress(String subnet) {
        try {
            BigInteger base = new BigInteger(1, InetAddress.getByName(subnet.substring(0, subnet.indexOf('/'))).getAddress());
            byte[] bytes = base.add(BigInteger.ONE).toByteArray();
            byte[] address = new byte[4];
            int length = Math.min(4, bytes.length);
            System.arraycopy(bytes, bytes.length - length, address, 4 - length, length);
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException | StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not an IPv4 subnet in CIDR form: " + subnet, e);
        }
    }
}
