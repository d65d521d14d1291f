package dev.viridian.services.elbv2.logs;

import dev.viridian.proxy.log.HealthLog;
import dev.viridian.proxy.log.HealthLog.Kind;

/// One health check as AWS writes it.
///
/// Source: user guide, "Health check log entries", as of 2026: `TimedOut` stands for what were two codes, and `elb` and `ip_address` have come. Guesses:
/// that a refused connection is `ConnectionReset`, that a function which gives no answer is a `TargetError`, and that the status of a check of gRPC is
/// gRPC's.
final class HealthLine {
    private static final int LEAST_STATUS_OF_HTTP = 100;

    private final LogStream stream;
    private final String node;

    /// @param node IP address of the load balancer's node
    HealthLine(LogStream stream, String node) {
        this.stream = stream;
        this.node = node;
    }

    void write(HealthLog log, LineBuffer out) {
        out.text(type(log.kind())).space().time(log.beganMicros()).space().exactSeconds(log.durationNanos()).space();
        if (log.target().isFunction()) {
            out.text(log.target().id());
        } else {
            AccessLine.address(log.target().address(), log.target().port(), out);
        }
        out.space().text(name(log.groupId())).space();
        out.text(log.outcome() == HealthLog.Outcome.PASSED ? "PASS" : "FAIL").space();
        if (log.status() < 0) {
            out.text("-");
        } else {
            out.number(log.status());
        }
        out.space().text(reason(log)).space().text(stream.resourceId()).space().textOrDash(node).endLine();
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case HTTP -> "http";
            case HTTPS -> "https";
            case HTTP2 -> "h2";
            case GRPC -> "grpc";
            case TCP -> "tcp";
            case FUNCTION -> "lambda";
        };
    }

    /// Of a target group.
    private static String name(String arn) {
        return arn.substring(arn.indexOf(":targetgroup/") + ":targetgroup/".length(), arn.lastIndexOf('/'));
    }

    private static String reason(HealthLog log) {
        return switch (log.outcome()) {
            case PASSED -> "-";
            case TIMED_OUT -> "TimedOut";
            case BROKEN -> log.kind() == Kind.FUNCTION ? "TargetError" : "ConnectionReset";
            case UNEXPECTED_STATUS -> log.status() >= 500 ? "TargetError"
                    : log.kind() == Kind.GRPC && log.status() < LEAST_STATUS_OF_HTTP ? "GRPCUnexpectedStatus" : "ResponseCodeMismatch";
        };
    }
}
