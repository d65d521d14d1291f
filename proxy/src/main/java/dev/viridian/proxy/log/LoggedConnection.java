package dev.viridian.proxy.log;

import java.util.Optional;

/// The client's connection that requests came on; one object for all of them.
///
/// @param id              32 random hexadecimal digits
/// @param clientAddress   IP address of the client
/// @param clientPort      port of the client
/// @param nodeAddress     IP address of ours that the client connected to
/// @param multiplexed     whether requests are streams of HTTP/2
/// @param tls             empty for a plain connection
public record LoggedConnection(String id, String clientAddress, int clientPort, String nodeAddress, boolean multiplexed, Optional<Tls> tls) {

    /// What was agreed upon in the handshake.
    ///
    /// @param protocol       such as `TLSv1.3`
    /// @param cipher         the suite as OpenSSL names it
    /// @param serverName     name the client asked for; empty for none
    /// @param named          whether the certificate it was shown speaks for that name
    /// @param certificateId  of the certificate it was shown
    /// @param handshakeNanos how long it took
    public record Tls(String protocol, String cipher, String serverName, boolean named, String certificateId, long handshakeNanos) {}
}
