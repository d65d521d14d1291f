package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.tls.TlsContexts;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The listeners behind one socket, told apart by `Host`: each answers to its own names and to those it has certificates for.
final class PortRoute {
    private final ListenerRoute[] listeners;
    private final byte[][][] names;
    /// Of each listener's wildcard names, what follows the asterisk.
    private final byte[][][] wildcards;
    private final @Nullable TlsContexts tls;

    PortRoute(List<ListenerRoute> listeners, @Nullable TlsContexts tls) {
        this.listeners = listeners.toArray(ListenerRoute[]::new);
        this.names = listeners.stream().map(route -> names(route, tls).filter(name -> !name.startsWith("*")).map(Ascii::bytes).toArray(byte[][]::new))
                .toArray(byte[][][]::new);
        this.wildcards = listeners.stream().map(route -> names(route, tls).filter(name -> name.startsWith("*")).map(name -> name.substring(1))
                .map(Ascii::bytes).toArray(byte[][]::new)).toArray(byte[][][]::new);
        this.tls = tls;
    }

    private static Stream<String> names(ListenerRoute route, @Nullable TlsContexts tls) {
        Stream<String> own = route.listener().hostNames().stream().map(name -> name.toLowerCase(Locale.ROOT));
        return tls == null ? own : Stream.concat(own, tls.namesOf(route.listener().id()).stream());
    }

    ListenerRoute first() {
        return listeners[0];
    }

    ListenerRoute choose(RequestHead head) {
        return listeners.length == 1 ? listeners[0] : choose(head.bytes(), head.hostFrom(), head.hostNameTo());
    }

    private ListenerRoute choose(byte[] bytes, int from, int to) {
        int named = find(names, bytes, from, to);
        if (named < 0 && tls != null) {
            int dot = from;
            while (dot < to && bytes[dot] != '.') {
                dot++;
            }
            named = find(wildcards, bytes, dot, to);
        }
        return listeners[Math.max(named, 0)];
    }

    private static int find(byte[][][] names, byte[] bytes, int from, int to) {
        for (int i = 0; i < names.length; i++) {
            for (byte[] name : names[i]) {
                if (Ascii.equalsIgnoreCase(bytes, from, to, name)) {
                    return i;
                }
            }
        }
        return -1;
    }

    @Nullable TlsContexts tls() {
        return tls;
    }
}
