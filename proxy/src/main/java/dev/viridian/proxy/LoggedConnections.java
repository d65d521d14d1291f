package dev.viridian.proxy;

import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.tls.ClientTls;
import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;

/// Describes a client's connection for logs: once, when somebody asks, after the handshake.
final class LoggedConnections {
    private static final AttributeKey<LoggedConnection> KNOWN = AttributeKey.valueOf(LoggedConnections.class, "known");
    private static final HexFormat HEX = HexFormat.of();

    private LoggedConnections() {}

    /// @param multiplexed whether it carries HTTP/2
    static LoggedConnection of(Channel channel, Loop loop, boolean multiplexed) {
        Attribute<LoggedConnection> known = channel.attr(KNOWN);
        LoggedConnection connection = known.get();
        if (connection == null) {
            connection = describe(channel, loop, multiplexed, 0);
            known.set(connection);
        } else if (connection.multiplexed() != multiplexed) {
            connection = new LoggedConnection(connection.id(), connection.clientAddress(), connection.clientPort(), connection.nodeAddress(),
                    multiplexed, connection.tls());
            known.set(connection);
        }
        return connection;
    }

    /// @param handshakeNanos how long the handshake took; 0 where there was none
    static LoggedConnection established(Channel channel, Loop loop, long handshakeNanos) {
        LoggedConnection connection = describe(channel, loop, false, handshakeNanos);
        channel.attr(KNOWN).set(connection);
        return connection;
    }

    private static LoggedConnection describe(Channel channel, Loop loop, boolean multiplexed, long handshakeNanos) {
        InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
        ClientTls tls = ClientTls.of(channel);
        return new LoggedConnection(id(loop.random()), client == null ? "" : NetUtil.toAddressString(client.getAddress()),
                client == null ? 0 : client.getPort(), channel.localAddress() instanceof InetSocketAddress here
                        ? NetUtil.toAddressString(here.getAddress()) : "",
                multiplexed, tls == null ? Optional.empty() : Optional.of(new LoggedConnection.Tls(tls.version(), tls.cipher(),
                        tls.serverName() == null ? "" : tls.serverName(), tls.named(), tls.certificateId(), handshakeNanos)));
    }

    private static String id(SplittableRandom random) {
        return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
    }
}
