package dev.viridian.proxy.translation;

import io.netty.handler.codec.http2.Http2Headers;

/// What an answer of ours means to a client of gRPC.
///
/// Source: gRPC, "HTTP to gRPC Status Code Mapping"; that ELB's application load balancer answers 502 with `grpc-status: 14` and
/// `grpc-message: unavailable` has been observed. That it does so for the other statuses is a guess.
public final class GrpcStatus {
    private GrpcStatus() {}

    public static void describe(int status, Http2Headers headers) {
        int code = code(status);
        headers.set("grpc-status", String.valueOf(code)).set("grpc-message", message(code));
    }

    private static int code(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    private static String message(int code) {
        return switch (code) {
            case 7 -> "permission denied";
            case 12 -> "unimplemented";
            case 13 -> "internal";
            case 14 -> "unavailable";
            case 16 -> "unauthenticated";
            default -> "unknown";
        };
    }
}
