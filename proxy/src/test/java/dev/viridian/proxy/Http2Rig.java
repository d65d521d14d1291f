package dev.viridian.proxy;

import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.TlsIdentity;
import java.util.List;
import java.util.Optional;

/// Listeners whose clients may speak HTTP/2.
final class Http2Rig {
    static final Certificates CERTIFICATE = Certificates.forName("one.test");

    private Http2Rig() {}

    static Listener https(String id, Action action, ListenerSettings settings) {
        return new Listener(id, Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(), List.of(), action, settings,
                Optional.of(TlsIdentity.of(CERTIFICATE.pem())));
    }

    static Listener https(ListenerSettings settings) {
        return https("front", Action.Forward.to("group"), settings);
    }

    static Listener https() {
        return https(ListenerSettings.DEFAULT);
    }
}
