package dev.viridian.proxy.log;

/// What a rule's rewrite made of a request.
///
/// @param host   empty when it stayed as it was
/// @param target path and query; empty when they stayed as they were
public record Rewritten(Outcome outcome, String host, String target) {
    public enum Outcome { DONE, INVALID_HOST, INVALID_TARGET }
}
