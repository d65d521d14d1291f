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
import org.jspecify.annotations.Nullable;

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
        int dot = name.indexOf('.');
        List<TlsCertificate> exact = byName.getOrDefault(name, List.of());
        List<TlsCertificate> wild = dot < 0 ? List.of() : byName.getOrDefault("*" + name.substring(dot), List.of());
        TlsCertificate best = best(exact, hello);
        if (best == null) {
            best = best(wild, hello);
        }
        if (best != null) {
            return best;
        }
        return !exact.isEmpty() ? exact.getFirst() : !wild.isEmpty() ? wild.getFirst() : defaults.getOrDefault(name, first);
    }

    /// @return null when there is none that the client can be shown
    private static @Nullable TlsCertificate best(List<TlsCertificate> bestFirst, ClientHello hello) {
        for (TlsCertificate each : bestFirst) {
            if (hello.accepts(each)) {
                return each;
            }
        }
        return null;
    }
}
