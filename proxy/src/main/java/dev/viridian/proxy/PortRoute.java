package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The listeners behind one socket, told apart by `Host`.
final class PortRoute {
    private final ListenerRoute[] listeners;
    private final byte[][][] names;
    private final @Nullable TlsContexts tls;

    PortRoute(List<ListenerRoute> listeners, @Nullable TlsContexts tls) {
        this.listeners = listeners.toArray(ListenerRoute[]::new);
        this.names = listeners.stream()
                .map(route -> route.listener().hostNames().stream().map(name -> Ascii.bytes(name.toLowerCase(Locale.ROOT))).toArray(byte[][]::new))
                .toArray(byte[][][]::new);
        this.tls = tls;
    }

    ListenerRoute first() {
        return listeners[0];
    }

    ListenerRoute choose(RequestHead head) {
        if (listeners.length > 1) {
            int from = head.hostFrom();
            int to = head.hostNameTo();
            for (int i = 0; i < listeners.length; i++) {
                for (byte[] name : names[i]) {
                    if (Ascii.equalsIgnoreCase(head.bytes(), from, to, name)) {
                        return listeners[i];
                    }
                }
            }
        }
        return listeners[0];
    }

    @Nullable TlsContexts tls() {
        return tls;
    }
}
