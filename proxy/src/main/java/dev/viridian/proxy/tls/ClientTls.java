package dev.viridian.proxy.tls;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What was agreed in a client's handshake; made once per connection.
///
/// @param version       such as `TLSv1.3`
/// @param cipher        as OpenSSL names it
/// @param serverName    what the client asked for; null when it named nobody
/// @param named         whether the certificate it was shown speaks for that name, rather than being shown for want of a better one
/// @param certificateId of the certificate it was shown
public record ClientTls(String version, String cipher, @Nullable String serverName, boolean named, String certificateId) {
    private static final AttributeKey<ClientTls> OF = AttributeKey.valueOf(ClientTls.class, "client");

    /// Null for a client that speaks clear text, or while its handshake has not ended.
    public static @Nullable ClientTls of(Channel client) {
        return client.attr(OF).get();
    }

    static void remember(Channel client, SSLSession session, @Nullable String serverName, TlsCertificate shown) {
        client.attr(OF).set(new ClientTls(session.getProtocol(), TlsCiphers.openSsl(session.getCipherSuite()), serverName,
                serverName != null && shown.speaksFor(serverName), shown.id()));
    }
}
