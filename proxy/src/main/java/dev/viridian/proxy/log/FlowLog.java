package dev.viridian.proxy.log;

/// One flow of a TLS listener that passes bytes through, once it has ended.
///
/// @param listenerPort      the port the listener wants, also where another had to be bound
/// @param beganMicros       when the client had connected, in microseconds since 1970
/// @param connectionNanos   how long it lasted
/// @param receivedBytes     from the client, after decryption
/// @param sentBytes         to the client, before encryption
/// @param clientAlpn        application protocol agreed upon with the client; empty for none
public record FlowLog(String listenerId, int listenerPort, LoggedConnection connection, long beganMicros, long endedMicros, long connectionNanos,
        long receivedBytes, long sentBytes, String clientAlpn) implements LogEntry {
    private static final int WEIGHT = 512;

    @Override
    public int weight() {
        return WEIGHT;
    }
}
