package dev.viridian.proxy;

import dev.viridian.proxy.routing.TlsIdentity;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.Mapping;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The certificates behind one socket, by the name a client asks for.
final class TlsContexts implements Mapping<String, SslContext> {
    private static final int DNS_NAME = 2;

    private final SslContext first;
    private final Map<String, SslContext> byName = new HashMap<>();

    /// @param identities of all listeners that share the socket; the first certificate of the first is shown to clients that ask for no name we know
    TlsContexts(List<TlsIdentity> identities) {
        List<SslContext> contexts = new ArrayList<>();
        for (TlsIdentity identity : identities) {
            for (TlsIdentity.Certificate certificate : identity.certificates()) {
                SslContext context = context(certificate);
                contexts.add(context);
                names(certificate).forEach(name -> byName.putIfAbsent(name, context));
            }
        }
        first = contexts.getFirst();
    }

    @Override
    public SslContext map(@Nullable String name) {
        if (name == null) {
            return first;
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        SslContext exact = byName.get(wanted);
        int dot = wanted.indexOf('.');
        return exact != null ? exact : byName.getOrDefault(dot < 0 ? wanted : "*" + wanted.substring(dot), first);
    }

    private static SslContext context(TlsIdentity.Certificate certificate) {
        try {
            return SslContextBuilder.forServer(stream(certificate.chainPem()), stream(certificate.keyPem())).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("a certificate of the listener cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<String> names(TlsIdentity.Certificate certificate) {
        try {
            X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream(certificate.chainPem()));
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            return alternatives == null ? List.of()
                    : alternatives.stream().filter(each -> each.getFirst().equals(DNS_NAME))
                            .map(each -> each.get(1).toString().toLowerCase(Locale.ROOT)).toList();
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("the names of a certificate cannot be read: " + e.getMessage(), e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate of the listener cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /// For connections to targets, which are trusted by their address: their certificates are not verified.
    static SslContext toTarget() {
        try {
            return SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null).build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS client", e);
        }
    }
}
