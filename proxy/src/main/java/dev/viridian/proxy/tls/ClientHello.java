package dev.viridian.proxy.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The little of a TLS client's first message that decides which certificate it is shown. Whatever else is wrong with it is for the handshake to refuse.
///
/// Source: RFC 8446, 4.1.2; RFC 6066, 3.
///
/// @param serverName lower-case; null when the client names none
record ClientHello(@Nullable String serverName, int[] ciphers, int[] signatureSchemes, boolean tls13) {
    static final ClientHello UNREADABLE = new ClientHello(null, new int[0], new int[0], false);

    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    /// Reads without moving the buffer's indices.
    static ClientHello read(ByteBuf hello) {
        try {
            return parse(hello.slice());
        } catch (IndexOutOfBoundsException e) {
            return UNREADABLE;
        }
    }

    private static ClientHello parse(ByteBuf in) {
        in.skipBytes(VERSION_AND_RANDOM);
        in.skipBytes(in.readUnsignedByte()); // session id
        int[] ciphers = shorts(in.readSlice(in.readUnsignedShort()));
        in.skipBytes(in.readUnsignedByte()); // compression
        String name = null;
        int[] schemes = new int[0];
        boolean tls13 = false;
        if (in.isReadable()) {
            ByteBuf extensions = in.readSlice(in.readUnsignedShort());
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
                switch (type) {
                    case SERVER_NAME -> name = serverName(body);
                    case SIGNATURE_ALGORITHMS -> schemes = shorts(body.readSlice(body.readUnsignedShort()));
                    case SUPPORTED_VERSIONS -> tls13 = contains(shorts(body.readSlice(body.readUnsignedByte())), TLS_1_3);
                    default -> { }
                }
            }
        }
        return new ClientHello(name, ciphers, schemes, tls13);
    }

    private static @Nullable String serverName(ByteBuf body) {
        if (body.readableBytes() < 5) {
            return null;
        }
        body.skipBytes(2); // length of the list, of which clients send one entry
        boolean hostName = body.readUnsignedByte() == 0;
        int length = body.readUnsignedShort();
        String name = body.readCharSequence(length, StandardCharsets.US_ASCII).toString().toLowerCase(Locale.ROOT);
        return hostName && !name.isEmpty() ? name : null;
    }

    private static int[] shorts(ByteBuf list) {
        int[] values = new int[list.readableBytes() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.readUnsignedShort();
        }
        return values;
    }

    static boolean contains(int[] values, int wanted) {
        for (int value : values) {
            if (value == wanted) {
                return true;
            }
        }
        return false;
    }

    /// Whether the client can be shown this certificate: it must verify its signature, and before TLS 1.3 offer a cipher for its kind of key.
    boolean accepts(TlsCertificate certificate) {
        boolean ecdsa = certificate.ecdsaScheme() != 0;
        if (!tls13 && !offersCipherFor(ecdsa)) {
            return false;
        }
        if (signatureSchemes.length == 0) {
            return true; // before TLS 1.2 nobody said
        }
        return ecdsa ? contains(signatureSchemes, certificate.ecdsaScheme()) : verifiesRsa();
    }

    private boolean verifiesRsa() {
        for (int scheme : signatureSchemes) {
            if ((scheme & 0xff) == 1 || scheme >= 0x0804 && scheme <= 0x0806) { // PKCS#1 of any hash, or PSS
                return true;
            }
        }
        return false;
    }

    /// Source: IANA's TLS cipher suites, those that listeners may have.
    private boolean offersCipherFor(boolean ecdsa) {
        for (int cipher : ciphers) {
            boolean isEcdsa = switch (cipher) {
                case 0xC02B, 0xC02C, 0xC023, 0xC024, 0xC009, 0xC00A, 0xCCA9 -> true;
                default -> false;
            };
            boolean isRsa = switch (cipher) {
                case 0xC02F, 0xC030, 0xC027, 0xC028, 0xC013, 0xC014, 0xCCA8, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x000A -> true;
                default -> false;
            };
            if (ecdsa ? isEcdsa : isRsa) {
                return true;
            }
        }
        return false;
    }
}
