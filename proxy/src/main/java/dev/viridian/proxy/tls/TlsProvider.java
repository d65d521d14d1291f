package dev.viridian.proxy.tls;

import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.proxy.routing.TlsPolicy;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/// Makes TLS contexts: by BoringSSL where its library loads, which takes a fraction of Java's time, else by Java. Flows that are passed through are
/// always Java's: Netty's engine over BoringSSL ends both directions when the client ends its own.
public final class TlsProvider {
    private TlsProvider() {}

    /// Looked for when the first listener or target speaks TLS, so that a start without one does not wait for it.
    private static final class Library {
        static final SslProvider USED = OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    /// Whether a listener can show a certificate, for those who want to know before it is made to.
    ///
    /// @param passesThrough whether the listener passes bytes through rather than reading requests
    /// @throws IllegalArgumentException when the certificate or its key cannot be used
    public static void check(TlsIdentity.Certificate certificate, boolean passesThrough) {
        ReferenceCountUtil.release(TlsCertificate.of(new TlsStock.Kind(certificate, TlsPolicy.MODERN, List.of(), passesThrough)).context());
    }

    /// @param chain the certificates of `kind`, the leaf first
    /// @throws IllegalArgumentException when the certificate, its key or the policy cannot be used
    static SslContext server(TlsStock.Kind kind, X509Certificate[] chain) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(Pem.key(kind.certificate().keyPem(), chain[0].getPublicKey()), chain)
                    .sslProvider(kind.halfCloses() ? SslProvider.JDK : Library.USED).protocols(kind.policy().versions())
                    .ciphers(TlsCiphers.java(kind.policy().ciphers()), SupportedCipherSuiteFilter.INSTANCE);
            if (!kind.applicationProtocols().isEmpty()) {
                builder.applicationProtocolConfig(alpn(kind.applicationProtocols()));
            }
            return builder.build();
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("certificate " + kind.certificate().id() + " of a listener cannot be used: " + e.getMessage(), e);
        }
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN, ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    /// For connections to targets, which are trusted by their address: their certificates are not verified.
    ///
    /// @param applicationProtocols offered by ALPN; empty to take no part in it
    /// @param halfCloses           whether one direction may end before the other
    public static SslContext toTarget(List<String> applicationProtocols, boolean halfCloses) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(halfCloses ? SslProvider.JDK : Library.USED)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null);
            if (!applicationProtocols.isEmpty()) {
                builder.applicationProtocolConfig(alpn(applicationProtocols));
            }
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS client", e);
        }
    }
}
