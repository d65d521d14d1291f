package dev.viridian.services.elbv2;

/// Where a listener is really reachable.
///
/// @param dnsName of its load balancer
/// @param wantedPort the listener's port
/// @param port the port clients must use; 0 when none could be bound
/// @param problem why the wanted port could not be bound; empty when it was
public record ListenerBinding(String listenerArn, String loadBalancerName, String dnsName, String protocol, String address, int wantedPort, int port,
        String problem) {

    public boolean substituted() {
        return port != 0 && port != wantedPort;
    }

    /// For people: empty when the listener is where it was asked to be.
    public String explanation() {
        if (port == wantedPort) {
            return "";
        }
        String found = "Port " + wantedPort + " could not be bound (" + problem + ")";
        return port == 0 ? found + "; nothing listens for this listener" : found + "; it is served on port " + port + " instead";
    }
}
