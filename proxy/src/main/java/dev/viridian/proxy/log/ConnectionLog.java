package dev.viridian.proxy.log;

/// One connection of a client: established, or given up.
///
/// @param timeMicros   when that was decided, in microseconds since 1970
/// @param listenerPort the port the listener wants, also where another had to be bound
/// @param secure       whether the listener speaks TLS
/// @param established  false when the handshake failed
public record ConnectionLog(String listenerId, LoggedConnection connection, long timeMicros, int listenerPort, boolean secure,
        boolean established) implements LogEntry {
    private static final int WEIGHT = 512;

    @Override
    public int weight() {
        return WEIGHT;
    }
}
