package dev.viridian.app.tls;

import dev.viridian.engine.time.Time;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows each client a certificate for the very name it asked for, issued at the first ask.
///
/// Names the authority may not vouch for get the default certificate, so a wrong name cannot make us issue without end; the rest is bounded too.
public final class NamedKeys extends X509ExtendedKeyManager {
    private static final String DEFAULT = "default";
    private static final int MOST_NAMES = 1_000;

    private final CertificateAuthority authority;
    private final List<String> ownNames;
    private final Time time;
    private final Map<String, CertificateAuthority.Issued> issued = new ConcurrentHashMap<>();

    /// @param ownNames names and addresses of the certificate shown to clients that name nobody
    public NamedKeys(CertificateAuthority authority, List<String> ownNames, Time time) {
        this.authority = authority;
        this.ownNames = ownNames;
        this.time = time;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            return session.getRequestedServerNames().stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
                    .filter(CertificateAuthority::permits)
                    .filter(name -> issued.containsKey(name) || issued.size() < MOST_NAMES)
                    .findFirst()
                    .orElse(DEFAULT);
        }
        return DEFAULT;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return of(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return of(alias).key();
    }

    private CertificateAuthority.Issued of(String alias) {
        return issued.computeIfAbsent(alias, name -> authority.issue(name.equals(DEFAULT) ? ownNames : List.of(name), time.now()));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return keyType.equals("EC") ? new String[] {DEFAULT} : null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return DEFAULT;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
