package dev.viridian.services.elbv2.logs;

import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestLog.Kind;
import dev.viridian.proxy.log.RequestText;
import dev.viridian.proxy.log.Rewritten;
import dev.viridian.proxy.routing.Target;
import java.util.Optional;

/// One request as AWS writes it.
///
/// Source: user guide, "Access log entries", and lines seen of the real service: for a request that could not be read,
/// `- -1 -1 -1 400 - 0 272 "- http://myalb1-878688131.us-east-1.elb.amazonaws.com:80- -" "-" - - - "-" "-" "-" - ...`; after `conn_trace_id`,
/// `"-" "-" "-"` for transforms and the node's IP address. `error_reason` is told for functions; authentication and WAF are not there.
final class AccessLine {
    private final LogStream stream;

    AccessLine(LogStream stream) {
        this.stream = stream;
    }

    void write(RequestLog request, LineBuffer out) {
        LoggedConnection connection = request.connection();
        Optional<LoggedConnection.Tls> tls = connection.tls();
        out.text(type(request)).space().time(request.endedMicros()).space().text(stream.resourceId()).space();
        address(connection.clientAddress(), connection.clientPort(), out).space();
        target(request, out).space();
        out.seconds(request.requestNanos()).space().seconds(request.targetNanos()).space().seconds(request.responseNanos()).space();
        out.number(request.status()).space();
        status(request, out).space().number(request.receivedBytes()).space().number(request.sentBytes()).space();
        request(request, out);
        agent(request.request(), out);
        out.textOrDash(tls.map(LoggedConnection.Tls::cipher).orElse("")).space();
        out.textOrDash(tls.map(LoggedConnection.Tls::protocol).orElse("")).space();
        out.textOrDash(request.groupId()).space();
        out.quote().escapedOrDash(request.traceId()).quote().space();
        out.quote().escapedOrDash(tls.filter(LoggedConnection.Tls::named).map(LoggedConnection.Tls::serverName).orElse("")).quote().space();
        out.quote().textOrDash(tls.map(LoggedConnection.Tls::certificateId).orElse("")).quote().space();
        if (request.rulePriority() < 0) {
            out.text("-");
        } else {
            out.number(request.rulePriority());
        }
        out.space().timeInMillis(request.beganMicros()).space();
        out.quote().text(action(request)).quote().space();
        out.quote().escapedOrDash(request.redirectUrl()).quote().space().quote().textOrDash(request.failure()).quote().space();
        target(request, out.quote()).quote().space();
        status(request, out.quote()).quote().space();
        out.quote().textOrDash(request.oddity()).quote().space().quote().textOrDash(request.oddityReason()).quote().space();
        out.text("TID_").text(connection.id()).space();
        out.quote().escapedOrDash(request.rewritten().map(Rewritten::host).orElse("")).quote().space();
        out.quote().escapedOrDash(request.rewritten().map(Rewritten::target).orElse("")).quote().space();
        out.quote().text(request.rewritten().map(AccessLine::transform).orElse("-")).quote().space();
        out.textOrDash(connection.nodeAddress()).endLine();
    }

    /// The codes are the user guide's; that a transform which found nothing to change has succeeded is a guess.
    private static String transform(Rewritten rewritten) {
        return switch (rewritten.outcome()) {
            case DONE -> "TransformSuccess";
            case INVALID_HOST -> "TransformInvalidHost";
            case INVALID_TARGET -> "TransformInvalidPath";
        };
    }

    private static String type(RequestLog request) {
        return switch (request.kind()) {
            case Kind.HTTP -> request.secure() ? "https" : "http";
            case Kind.HTTP2 -> "h2";
            case Kind.GRPC -> "grpcs";
            case Kind.WEBSOCKET -> request.secure() ? "wss" : "ws";
        };
    }

    /// An address of IPv6 stands in brackets, which is a guess.
    static LineBuffer address(String address, int port, LineBuffer out) {
        boolean brackets = address.indexOf(':') >= 0;
        return out.text(brackets ? "[" : "").text(address).text(brackets ? "]:" : ":").number(port);
    }

    private static LineBuffer target(RequestLog request, LineBuffer out) {
        if (request.target().isEmpty() || request.target().get().isFunction()) {
            return out.text("-");
        }
        Target target = request.target().get();
        return address(target.address(), target.port(), out);
    }

    private static LineBuffer status(RequestLog request, LineBuffer out) {
        return request.targetStatus() == 0 ? out.text("-") : out.number(request.targetStatus());
    }

    /// Method, URL with the listener's port, version. What could not be read is `-`, with nothing between the port and the path's dash, as AWS does.
    private void request(RequestLog request, LineBuffer out) {
        RequestText text = request.request();
        out.quote();
        if (text.readable()) {
            out.escaped(text.bytes(), 0, text.methodTo());
        } else {
            out.text("-");
        }
        out.space().text(request.secure() ? "https://" : "http://");
        if (text.hostTo() > text.methodTo()) {
            out.escaped(text.bytes(), text.methodTo(), text.hostTo());
        } else {
            out.text(stream.dnsName());
        }
        out.text(":").number(request.listenerPort());
        if (!text.readable()) {
            out.text("-");
        } else if (text.targetTo() == text.hostTo()) {
            out.text("/");
        } else {
            out.escaped(text.bytes(), text.hostTo(), text.targetTo());
        }
        out.space().textOrDash(text.version()).quote().space();
    }

    private static void agent(RequestText text, LineBuffer out) {
        out.quote();
        if (text.bytes().length == text.targetTo()) {
            out.text("-");
        } else {
            out.escaped(text.bytes(), text.targetTo(), text.bytes().length);
        }
        out.quote().space();
    }

    private static String action(RequestLog request) {
        return switch (request.done()) {
            case NOTHING -> "-";
            case FORWARD -> "forward";
            case REDIRECT -> "redirect";
            case FIXED_RESPONSE -> "fixed-response";
        };
    }
}
