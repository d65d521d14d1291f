package dev.viridian.proxy;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLException;

/// Makes TLS contexts.
final class TlsProvider {
    private TlsProvider() {}

    /// @throws IllegalArgumentException when the certificate, its key or the policy cannot be used
    static SslContext server(TlsStock.Kind kind) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(stream(kind.certificate().chainPem()), stream(kind.certificate().keyPem()))
                    .sslProvider(SslProvider.JDK).protocols(kind.policy().versions())
                    .ciphers(TlsCiphers.java(kind.policy().ciphers()), SupportedCipherSuiteFilter.INSTANCE);
            if (!kind.applicationProtocols().isEmpty()) {
                builder.applicationProtocolConfig(alpn(kind.applicationProtocols()));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("certificate " + kind.certificate().id() + " of a listener cannot be used: " + e.getMessage(), e);
        }
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN, ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    /// For connections to targets, which are trusted by their address: their certificates are not verified.
    static SslContext toTarget() {
        try {
            return SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null).build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS client", e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
