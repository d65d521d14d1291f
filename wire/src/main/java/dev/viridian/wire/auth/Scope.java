package dev.viridian.wire.auth;

/// For what a signature is good: `20260101/us-east-1/ecs/aws4_request`.
public record Scope(String date, String region, String service) {
    @Override
    public String toString() {
        return date + "/" + region + "/" + service + "/aws4_request";
    }
}
