package dev.viridian.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// What one loop keeps for sides that do not take it, or not yet: looked at once per tick, and cut down when it is too much.
///
/// Each connection is held back by itself, but a thousand clients that ask and never read are a thousand times as much.
final class Backlog {
    /// With less than this, a connection is not worth cutting.
    private static final long LEAST = 16 * 1024;

    private final long most;
    private boolean full;
    /// What each connection held at the last tick; empty while there is room.
    private Map<Loop.Ticked, Long> before = Map.of();

    Backlog(long most) {
        this.most = most;
    }

    /// Whether too much is held for anybody new to come in.
    boolean full() {
        return full;
    }

    /// @param cuts whether connections have had the time to move since the last look
    void look(List<Loop.Ticked> connections, boolean cuts) {
        long held = 0;
        for (int i = 0; i < connections.size(); i++) {
            held += connections.get(i).held();
        }
        full = held > most;
        if (full && cuts) {
            relieve(held, connections);
        } else if (!full && !before.isEmpty()) {
            before = Map.of();
        }
    }

    /// Cuts connections whose bytes have not moved since the last tick, those that hold most first, until the rest fits.
    private void relieve(long held, List<Loop.Ticked> connections) {
        Map<Loop.Ticked, Long> now = new IdentityHashMap<>();
        connections.stream().filter(connection -> connection.held() >= LEAST).forEach(connection -> now.put(connection, connection.held()));
        List<Map.Entry<Loop.Ticked, Long>> stuck = now.entrySet().stream().filter(entry -> entry.getValue().equals(before.get(entry.getKey())))
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).toList();
        before = now;
        long left = held;
        for (Map.Entry<Loop.Ticked, Long> each : stuck) {
            if (left <= most) {
                return;
            }
            left -= each.getValue();
            each.getKey().shut();
        }
    }

    /// What waits to be sent on a connection.
    static long unsent(Channel channel) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes() - out.currentProgress();
    }
}
