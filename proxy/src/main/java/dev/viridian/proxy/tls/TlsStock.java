package dev.viridian.proxy.tls;

import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.proxy.routing.TlsPolicy;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The TLS contexts in use, by what they are made of. Making one takes milliseconds and forgets the sessions of the one before, so an exchange of
/// routing keeps all it can. Guarded by the proxy's lock.
public final class TlsStock {
    /// What makes two contexts the same.
    ///
    /// @param halfCloses whether one direction may end before the other
    record Kind(TlsIdentity.Certificate certificate, TlsPolicy policy, List<String> applicationProtocols, boolean halfCloses) {}

    private Map<Kind, TlsCertificate> current = Map.of();
    private Map<Kind, TlsCertificate> next = new HashMap<>();

    /// A compilation begins; what an unfinished one before it made is given back.
    public void begin() {
        next.forEach((kind, made) -> {
            if (!current.containsKey(kind)) {
                ReferenceCountUtil.release(made.context());
            }
        });
        next = new HashMap<>();
    }

    /// @throws IllegalArgumentException when no context can be made of it
    TlsCertificate get(Kind kind) {
        return next.computeIfAbsent(kind, wanted -> {
            TlsCertificate kept = current.get(wanted);
            return kept != null ? kept : TlsCertificate.of(wanted);
        });
    }

    /// Everything, at the end.
    public List<SslContext> close() {
        begin();
        return commit();
    }

    /// The compilation is in force.
    ///
    /// @return contexts to be released once no loop looks at the routing before
    public List<SslContext> commit() {
        List<SslContext> gone = current.entrySet().stream().filter(entry -> !next.containsKey(entry.getKey()))
                .map(entry -> entry.getValue().context()).toList();
        current = next;
        next = new HashMap<>();
        return gone;
    }
}
