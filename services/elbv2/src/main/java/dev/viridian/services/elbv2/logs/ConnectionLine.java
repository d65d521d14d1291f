package dev.viridian.services.elbv2.logs;

import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.LoggedConnection;
import java.util.Optional;

/// One connection as AWS writes it. What would tell of client certificates is `-`, because listeners do not ask for any.
///
/// Source: user guide, "Connection log entries". `tls_keyexchange` is not known here.
final class ConnectionLine {
    private static final String NO_CERTIFICATE = " \"-\" - - ";

    private final LogStream stream;

    ConnectionLine(LogStream stream) {
        this.stream = stream;
    }

    void write(ConnectionLog log, LineBuffer out) {
        LoggedConnection connection = log.connection();
        Optional<LoggedConnection.Tls> tls = connection.tls();
        out.time(log.timeMicros()).space().text(connection.clientAddress()).space().number(connection.clientPort()).space();
        out.number(log.listenerPort()).space();
        out.textOrDash(tls.map(LoggedConnection.Tls::protocol).orElse("")).space();
        out.textOrDash(tls.map(LoggedConnection.Tls::cipher).orElse("")).space();
        if (tls.isPresent() && log.established()) {
            out.seconds(tls.get().handshakeNanos());
        } else {
            out.text("-");
        }
        out.text(NO_CERTIFICATE).text(!log.secure() ? "-" : log.established() ? "Success" : "Failed:UnmappedConnectionError").space();
        out.text("TID_").text(connection.id()).text(" - ").text(stream.resourceId()).space().textOrDash(connection.nodeAddress()).endLine();
    }
}
