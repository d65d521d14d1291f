package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Says first on a new connection, before TLS and everything else, who is at the other end of it: the PROXY protocol, version 2, with its checksum.
///
/// Source: The PROXY protocol, versions 1 and 2 (haproxy.org), section 2.2.
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int CHECKSUM = 0x03;
    private static final int LENGTH_OF_CHECKSUM = 4;

    private final @Nullable InetSocketAddress client;
    private final @Nullable InetSocketAddress server;

    private ProxyHeader(@Nullable InetSocketAddress client, @Nullable InetSocketAddress server) {
        this.client = client;
        this.server = server;
    }

    /// @param server where the client has connected to
    static ProxyHeader of(InetSocketAddress client, InetSocketAddress server) {
        return new ProxyHeader(client, server);
    }

    /// A connection of the proxy itself.
    static ProxyHeader ofNobody() {
        return new ProxyHeader(null, null);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(write(ctx.alloc().directBuffer(64)));
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    ByteBuf write(ByteBuf out) {
        int start = out.writerIndex();
        out.writeBytes(SIGNATURE);
        if (client == null || server == null) {
            return out.writeByte(LOCAL).writeByte(0).writeShort(0);
        }
        byte[] from = client.getAddress().getAddress();
        byte[] to = server.getAddress().getAddress();
        out.writeByte(PROXY).writeByte(from.length == 4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6).writeShort(2 * from.length + 4 + 3 + LENGTH_OF_CHECKSUM);
        out.writeBytes(from).writeBytes(to).writeShort(client.getPort()).writeShort(server.getPort());
        out.writeByte(CHECKSUM).writeShort(LENGTH_OF_CHECKSUM).writeInt(0);
        CRC32C checksum = new CRC32C();
        checksum.update(out.nioBuffer(start, out.writerIndex() - start));
        return out.setInt(out.writerIndex() - LENGTH_OF_CHECKSUM, (int) checksum.getValue());
    }
}
