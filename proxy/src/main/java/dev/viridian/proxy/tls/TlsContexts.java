package dev.viridian.proxy.tls;

import static io.netty.handler.ssl.ApplicationProtocolNames.HTTP_1_1;
import static io.netty.handler.ssl.ApplicationProtocolNames.HTTP_2;

import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.TlsIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The certificates behind one socket, by the name a client asks for. Where several listeners share it, each is served under its own policy.
///
/// Source for the choice among several: Application Load Balancer user guide, "Certificates for your HTTPS listener", smart certificate selection.
public final class TlsContexts {
    private final TlsCertificate first;
    private final Map<String, TlsCertificate> defaults = new HashMap<>();
    private final Map<String, List<TlsCertificate>> byName = new HashMap<>();
    private final Map<String, Set<String>> namesOfListeners = new HashMap<>();

    /// @param listeners that share the socket
    public TlsContexts(List<Listener> listeners, TlsStock stock) {
        List<TlsCertificate> firsts = new ArrayList<>();
        for (Listener listener : listeners) {
            TlsIdentity identity = listener.tls().orElseThrow();
            List<TlsCertificate> certificates = identity.certificates().stream()
                    .map(each -> stock.get(new TlsStock.Kind(each, identity.policy(), protocols(listener, identity),
                            !listener.protocol().readsRequests()))).toList();
            firsts.add(certificates.getFirst());
            listener.hostNames().forEach(name -> defaults.putIfAbsent(name.toLowerCase(Locale.ROOT), certificates.getFirst()));
            Map<String, List<TlsCertificate>> mine = new HashMap<>();
            certificates.forEach(each -> each.names().forEach(name -> mine.computeIfAbsent(name, _ -> new ArrayList<>()).add(each)));
            mine.values().forEach(each -> each.sort(TlsCertificate.BEST_FIRST));
            mine.forEach(byName::putIfAbsent);
            namesOfListeners.put(listener.id(), mine.keySet());
        }
        first = firsts.getFirst();
    }

    private static List<String> protocols(Listener listener, TlsIdentity identity) {
        boolean reads = listener.protocol().readsRequests();
        return !reads ? identity.applicationProtocols() : listener.settings().http2() ? List.of(HTTP_2, HTTP_1_1) : List.of();
    }

    /// Names, some of them beginning with `*.`, that a listener has certificates for.
    public Set<String> namesOf(String listenerId) {
        return namesOfListeners.getOrDefault(listenerId, Set.of());
    }

    TlsCertificate choose(ClientHello hello) {
        String name = hello.serverName();
        if (name == null) {
            return first;
        }
        List<TlsCertificate> named = byName.get(name);
        int dot = name.indexOf('.');
        if (named == null && dot >= 0) {
            named = byName.get("*" + name.substring(dot));
        }
        if (named == null) {
            return defaults.getOrDefault(name, first);
        }
        for (TlsCertificate each : named) {
            if (hello.accepts(each)) {
                return each;
            }
        }
        return named.getFirst();
    }
}
