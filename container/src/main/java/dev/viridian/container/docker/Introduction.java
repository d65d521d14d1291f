package dev.viridian.container.docker;

import dev.viridian.container.EngineInfo;
import dev.viridian.container.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Asks an engine who it is and how its containers can be reached.
record Introduction(EngineApi api, DockerNetworks networks) {

    EngineInfo info() {
        String attempted = "ask the engine who it is";
        Connected connected = api.connected(attempted);
        try (Reply version = api.get(attempted, "/version").orThrow(); Reply info = api.get(attempted, "/info").orThrow()) {
            JsonNode about = version.json();
            JsonNode host = info.json();
            String name = about.path("Components").path(0).path("Name").asString("Engine");
            return new EngineInfo(name.equals("Engine") ? "Docker Engine" : name, about.path("Version").asString(""), connected.apiVersion(),
                    connected.endpoint().address(), host.path("OperatingSystem").asString(""), about.path("Arch").asString(""),
                    host.path("NCPU").asInt(0), host.path("MemTotal").asLong(0), sharesHostNetwork());
        }
    }

    /// Containers' addresses can be dialled from here exactly when the bridge's gateway is an address of this very machine; with Docker Desktop,
    /// rootless and remote engines it is not.
    private boolean sharesHostNetwork() {
        Optional<String> gateway = networks.find("bridge").map(Network::gateway).filter(address -> !address.isEmpty());
        try {
            return gateway.isPresent() && NetworkInterface.getByInetAddress(InetAddress.getByName(gateway.get())) != null;
        } catch (IOException _) {
            return false;
        }
    }
}
