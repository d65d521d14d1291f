package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.routing.HeaderEdits;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Tells a target how the client's connection is encrypted.
final class TlsHeaders {
    private final byte[] version;
    private final byte[] cipher;
    private final byte[] versionName;
    private final byte[] cipherName;

    TlsHeaders(HeaderEdits.TlsNames names) {
        this.version = Ascii.bytes(names.version() + ": ");
        this.cipher = Ascii.bytes(names.cipher() + ": ");
        this.versionName = Ascii.bytes(names.version().toLowerCase(Locale.ROOT));
        this.cipherName = Ascii.bytes(names.cipher().toLowerCase(Locale.ROOT));
    }

    /// Whether a client claims one of these headers itself.
    boolean claimed(RequestHead head, int field) {
        return head.nameIs(field, versionName) || head.nameIs(field, cipherName);
    }

    void write(LoggedConnection connection, ByteBuf out) {
        connection.tls().ifPresent(tls -> {
            out.writeBytes(version).writeCharSequence(tls.protocol(), StandardCharsets.US_ASCII);
            out.writeByte('\r').writeByte('\n');
            out.writeBytes(cipher).writeCharSequence(tls.cipher(), StandardCharsets.US_ASCII);
            out.writeByte('\r').writeByte('\n');
        });
    }
}
