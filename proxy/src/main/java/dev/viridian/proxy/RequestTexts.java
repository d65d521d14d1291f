package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.log.RequestText;

/// Copies from a head what a log may want to know of it, because the head itself is gone once the next is read.
final class RequestTexts {
    private static final byte[] USER_AGENT = Ascii.bytes("user-agent");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] GRPC = Ascii.bytes("application/grpc");
    private static final int MAX_AGENT = 8 * 1024;

    private RequestTexts() {}

    /// @param multiplexed whether it came by HTTP/2
    static RequestText of(RequestHead head, boolean multiplexed) {
        return copy(head, head.hostFrom(), head.hostNameTo(), multiplexed);
    }

    /// What is known of a head that was refused: its request line, if that much was well-formed.
    static RequestText of(RequestHead head, Refusal refusal, boolean multiplexed) {
        return switch (refusal) {
            case BAD_HOST -> copy(head, 0, 0, multiplexed);
            case FOLDED_HEADER, NO_HEADER_NAME, NO_COLON, BAD_HEADER_NAME, SUSPICIOUS_HEADER_NAME, BAD_HEADER_VALUE, NUL_IN_HEADER, HEADER_TOO_LONG,
                TOO_MANY_HEADERS, BAD_CONTENT_LENGTH, EQUAL_CONTENT_LENGTHS, DIFFERENT_CONTENT_LENGTHS, BAD_TRANSFER_ENCODING, CHUNKED_TWICE,
                CHUNKED_IN_OLD_VERSION, LENGTH_AND_TRANSFER_ENCODING, UNKNOWN_TRANSFER_ENCODING, BAD_UPGRADE, METHOD_NOT_ALLOWED, EXPECTATION_FAILED ->
                of(head, multiplexed);
            default -> RequestText.UNREADABLE;
        };
    }

    private static RequestText copy(RequestHead head, int hostFrom, int hostTo, boolean multiplexed) {
        byte[] from = head.bytes();
        int agent = field(head, USER_AGENT);
        int method = head.methodTo() - head.methodFrom();
        int host = hostTo - hostFrom;
        int target = head.targetTo() - head.pathFrom();
        int agentLength = agent < 0 ? 0 : Math.min(MAX_AGENT, head.valueTo(agent) - head.valueFrom(agent));
        byte[] bytes = new byte[method + host + target + agentLength];
        System.arraycopy(from, head.methodFrom(), bytes, 0, method);
        System.arraycopy(from, hostFrom, bytes, method, host);
        System.arraycopy(from, head.pathFrom(), bytes, method + host, target);
        if (agentLength > 0) {
            System.arraycopy(from, head.valueFrom(agent), bytes, method + host + target, agentLength);
        }
        return new RequestText(bytes, method, method + host, method + host + target,
                multiplexed ? "HTTP/2.0" : head.minor() == 0 ? "HTTP/1.0" : "HTTP/1.1");
    }

    static boolean isGrpc(RequestHead head) {
        int type = field(head, CONTENT_TYPE);
        return type >= 0 && head.valueTo(type) - head.valueFrom(type) >= GRPC.length
                && Ascii.equalsIgnoreCase(head.bytes(), head.valueFrom(type), head.valueFrom(type) + GRPC.length, GRPC);
    }

    private static int field(RequestHead head, byte[] name) {
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) == Fields.OTHER && head.nameTo(i) - head.nameFrom(i) == name.length && head.nameIs(i, name)) {
                return i;
            }
        }
        return -1;
    }
}
