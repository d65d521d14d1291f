package dev.viridian.proxy.rules;

import io.netty.util.NetUtil;

/// A range of IP addresses, `10.0.0.0/8` or `2001:db8::/32`.
final class CidrBlock {
    private final byte[] network;
    private final int bits;

    CidrBlock(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("not an address block: " + text);
        }
        this.network = address;
        this.bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException("not an address block: " + text);
        }
    }

    boolean includes(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >>> (i & 7);
            if (((address[i >> 3] ^ network[i >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
