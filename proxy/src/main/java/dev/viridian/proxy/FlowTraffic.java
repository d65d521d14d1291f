package dev.viridian.proxy;

/// How the connections that a listener passes through went wrong, if they did. How many there were, and their bytes, is in [Traffic.ListenerTraffic].
///
/// @param clientResets    broken off by the client, which the target was told in kind
/// @param targetResets    broken off by the target, which the client was told in kind
/// @param ownResets       resets the proxy sent on its own account: nobody to connect to, idle for too long, a target that is gone or unwell
/// @param clientTlsErrors handshakes with clients that failed
/// @param targetTlsErrors handshakes with targets that failed
/// @param failedOpen      connections sent to a target although none of its group was fit
public record FlowTraffic(String listenerId, long clientResets, long targetResets, long ownResets, long clientTlsErrors, long targetTlsErrors,
        long failedOpen) {

    /// What was counted between an earlier reading and this one.
    public FlowTraffic since(FlowTraffic earlier) {
        return new FlowTraffic(listenerId, clientResets - earlier.clientResets, targetResets - earlier.targetResets, ownResets - earlier.ownResets,
                clientTlsErrors - earlier.clientTlsErrors, targetTlsErrors - earlier.targetTlsErrors, failedOpen - earlier.failedOpen);
    }
}
