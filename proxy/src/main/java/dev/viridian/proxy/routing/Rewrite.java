package dev.viridian.proxy.routing;

import java.util.Optional;

/// What a rule changes in a request before a target gets it. Routing is decided by the request as it came.
///
/// @param host of the `Host` header, tried on the name as the client sent it without its port, in any case; where it fits, its outcome is sent as it
///             stands
/// @param url  of path and query together, as the client wrote them; case matters
public record Rewrite(Optional<Replacement> host, Optional<Replacement> url) {
    public static final Rewrite NONE = new Rewrite(Optional.empty(), Optional.empty());

    /// Replaces the first place where `regex` fits.
    ///
    /// @param regex in RE2's syntax
    /// @param with  `$1` to `$99`, or `${1}`, stand for what the groups of `regex` caught, and for nothing when there is no such group; a `$`
    ///              before anything else is itself
    public record Replacement(String regex, String with) {}
}
