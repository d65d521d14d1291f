package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/// Who is at the other end of a connection.
///
/// @param bytes       of the IP address
/// @param text        of the IP address, as headers show it
/// @param textAndPort the same with the port
record ClientAddress(byte[] bytes, byte[] text, byte[] textAndPort) {
    boolean ipv6() {
        return bytes.length == 16;
    }

    static ClientAddress of(InetSocketAddress address) {
        String text = NetUtil.toAddressString(address.getAddress());
        String host = text.indexOf(':') < 0 ? text : "[" + text + "]";
        return new ClientAddress(address.getAddress().getAddress(), Ascii.bytes(text), Ascii.bytes(host + ":" + address.getPort()));
    }
}
