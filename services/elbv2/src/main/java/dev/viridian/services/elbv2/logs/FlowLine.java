package dev.viridian.services.elbv2.logs;

import dev.viridian.proxy.log.FlowLog;
import dev.viridian.proxy.log.LoggedConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// One connection of a TLS listener of a network load balancer as AWS writes it.
///
/// Source: user guide for network load balancers, "Access log entries". What AWS reserves is `-`, and so are alerts and the client's list of
/// application protocols, which are not known here; with the target none is negotiated.
final class FlowLine {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LogStream stream;

    FlowLine(LogStream stream) {
        this.stream = stream;
    }

    void write(FlowLog flow, LineBuffer out) {
        LoggedConnection connection = flow.connection();
        Optional<LoggedConnection.Tls> tls = connection.tls();
        out.text("tls 2.0 ").timeInSeconds(flow.endedMicros()).space().text(stream.resourceId()).space();
        out.text(flow.listenerId().substring(flow.listenerId().lastIndexOf('/') + 1)).space();
        AccessLine.address(connection.clientAddress(), connection.clientPort(), out).space();
        AccessLine.address(connection.nodeAddress(), flow.listenerPort(), out).space();
        out.number(flow.connectionNanos() / NANOS_PER_MILLI).space();
        if (tls.isPresent()) {
            out.number(tls.get().handshakeNanos() / NANOS_PER_MILLI).space();
        } else {
            out.text("- ");
        }
        out.number(flow.receivedBytes()).space().number(flow.sentBytes()).text(" - ");
        out.textOrDash(tls.map(LoggedConnection.Tls::certificateId).orElse("")).text(" - ");
        out.textOrDash(tls.map(LoggedConnection.Tls::cipher).orElse("")).space();
        out.textOrDash(tls.map(each -> each.protocol().toLowerCase(Locale.ROOT).replace(".", "")).orElse("")).text(" - ");
        out.textOrDash(tls.map(each -> URLEncoder.encode(each.serverName(), StandardCharsets.UTF_8)).orElse("")).space();
        out.textOrDash(flow.clientAlpn()).text(" - - ").timeInSeconds(flow.beganMicros()).endLine();
    }
}
