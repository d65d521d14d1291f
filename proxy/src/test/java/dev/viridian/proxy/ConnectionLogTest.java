package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.FlowLog;
import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.ListenerSettings.Logging;
import dev.viridian.proxy.routing.TlsIdentity;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionLogTest {
    private static final ListenerSettings LOGGED = ListenerSettings.DEFAULT.withLogging(new Logging(true, true));
    private final Rig rig = new Rig();
    private final LogReader log = new LogReader(rig.proxy);
    private final Backend blue = rig.backend("blue");
    private final Certificates certificate = Certificates.forName("one.test");

    @AfterEach
    void close() {
        rig.close();
    }

    private int serveTls() {
        return rig.serve(new Listener("front", Listener.Protocol.HTTPS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                LOGGED, Optional.of(TlsIdentity.of(certificate.pem()))), Rig.group("group", blue));
    }

    @Test
    void a_plain_connection_is_logged_once_and_its_requests_name_it() throws Exception {
        int port = rig.serve(Rig.listener("front", Action.Forward.to("group")).withSettings(LOGGED), Rig.group("group", blue));
        try (Wire wire = new Wire(port)) {
            wire.get("/");
            wire.get("/");
        }
        List<RequestLog> requests = log.requests(2);
        List<ConnectionLog> connections = log.connections(1);
        assertThat(connections).hasSize(1);
        assertThat(connections.getFirst().established()).isTrue();
        assertThat(connections.getFirst().secure()).isFalse();
        assertThat(requests).extracting(each -> each.connection().id()).containsOnly(connections.getFirst().connection().id());
    }

    private Wire tls(int port, String name) throws Exception {
        SSLSocket socket = (SSLSocket) Certificates.client().getSocketFactory().createSocket(new Socket("127.0.0.1", port), name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return new Wire(socket, "127.0.0.1", port);
    }

    @Test
    void a_tls_connection_tells_protocol_cipher_name_and_certificate() throws Exception {
        int port = serveTls();
        try (Wire wire = tls(port, "one.test")) {
            wire.get("/");
        }
        ConnectionLog logged = log.connections(1).getFirst();
        assertThat(logged.established()).isTrue();
        LoggedConnection.Tls tls = logged.connection().tls().orElseThrow();
        assertThat(tls.protocol()).isEqualTo("TLSv1.3");
        assertThat(tls.cipher()).startsWith("TLS_");
        assertThat(tls.serverName()).isEqualTo("one.test");
        assertThat(tls.named()).isTrue();
        assertThat(tls.certificateId()).isEqualTo(certificate.pem().id());
        assertThat(tls.handshakeNanos()).isPositive();
        assertThat(log.request().connection()).isEqualTo(logged.connection());
    }

    @Test
    void a_name_the_certificate_does_not_speak_for_is_told_apart() throws Exception {
        int port = serveTls();
        try (Wire wire = tls(port, "other.test")) {
            wire.get("/");
        }
        assertThat(log.request().connection().tls().orElseThrow()).extracting(LoggedConnection.Tls::serverName, LoggedConnection.Tls::named,
                LoggedConnection.Tls::certificateId).containsExactly("other.test", false, certificate.pem().id());
    }

    @Test
    void a_client_that_does_not_speak_tls_is_logged_as_failed() throws Exception {
        int port = serveTls();
        try (Wire wire = new Wire(port)) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readRest();
        }
        ConnectionLog logged = log.connections(1).getFirst();
        assertThat(logged.established()).isFalse();
        assertThat(logged.connection().tls()).isEmpty();
        assertThat(logged.connection().clientAddress()).isEqualTo("127.0.0.1");
        assertThat(log.connections(1)).hasSize(1);
    }

    @Test
    void a_client_that_gives_up_the_handshake_is_logged_as_failed() throws Exception {
        int port = serveTls();
        new Wire(port).close();
        ConnectionLog logged = log.connections(1).getFirst();
        assertThat(logged.established()).isFalse();
        assertThat(logged.secure()).isTrue();
    }

    @Test
    void a_flow_of_a_tls_listener_is_logged_when_it_has_ended() throws Exception {
        int port = rig.serve(new Listener("front", Listener.Protocol.TLS, List.of("127.0.0.1"), 0, List.of(), List.of(), Action.Forward.to("group"),
                LOGGED.withLogging(new Logging(true, false)), Optional.of(TlsIdentity.of(certificate.pem()))), Rig.group("group", blue));
        String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        String answer;
        try (Wire wire = tls(port, "one.test")) {
            answer = wire.send(request).readRest();
        }
        FlowLog flow = log.flow();
        assertThat(flow).extracting(FlowLog::listenerId, FlowLog::receivedBytes, FlowLog::sentBytes)
                .containsExactly("front", (long) request.length(), (long) answer.length());
        assertThat(flow.connection().tls().orElseThrow().certificateId()).isEqualTo(certificate.pem().id());
        assertThat(flow.connection().tls().orElseThrow().handshakeNanos()).isPositive().isLessThanOrEqualTo(flow.connectionNanos());
    }
}
