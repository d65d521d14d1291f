package dev.viridian.proxy.routing;

import java.time.Duration;

/// How a listener treats what passes through it. Durations here are socket timeouts and stay real at any pace.
///
/// @param idleTimeout             without a byte in either direction for this long, a connection is closed (408 to a client that began a request,
///                                504 when the target is silent)
/// @param clientKeepAlive         a client connection older than this is closed after its current request
/// @param preserveHost            false: the port is made explicit in `Host` on ports other than 80 and 443, and removed on those; true: `Host`
///                                stays as it came
/// @param forwardedFor            what happens to `X-Forwarded-For`
/// @param forwardedForClientPort  whether the client's port is written behind its address there
/// @param dropInvalidHeaders      drop headers whose names are not letters, digits and hyphens, instead of passing them on
/// @param strictness              how requests that are ambiguous but not malformed are treated; malformed ones are always refused
/// @param logging                 what is put into the proxy's log queue
/// @param headers                 what is written into heads of requests and answers besides
/// @param http2                   whether clients of HTTPS listeners may speak HTTP/2
public record ListenerSettings(Duration idleTimeout, Duration clientKeepAlive, boolean preserveHost, ForwardedFor forwardedFor,
        boolean forwardedForClientPort, boolean dropInvalidHeaders, Strictness strictness, Logging logging, HeaderEdits headers,
        boolean http2) {
    public static final ListenerSettings DEFAULT =
            new ListenerSettings(Duration.ofSeconds(60), Duration.ofHours(1), false, ForwardedFor.APPEND, false, false, Strictness.DEFENSIVE,
                    Logging.NONE, HeaderEdits.NONE, true);

    public enum ForwardedFor { APPEND, PRESERVE, REMOVE }

    /// What happens to requests that deviate ([dev.viridian.proxy.http.Deviation]) although we can tell where they end. MONITOR: they pass and are
    /// counted. DEFENSIVE: so they do, but behind an ambiguous one both connections end. STRICTEST: they are refused.
    public enum Strictness { MONITOR, DEFENSIVE, STRICTEST }

    /// @param requests    every request once it has ended; on a TLS listener every flow
    /// @param connections every connection once it is established, or is not
    /// @param checks      every health check of the groups it sends to
    public record Logging(boolean requests, boolean connections, boolean checks) {
        public static final Logging NONE = new Logging(false, false);

        public Logging(boolean requests, boolean connections) {
            this(requests, connections, false);
        }
    }

    public ListenerSettings withIdleTimeout(Duration idleTimeout) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withPreserveHost(boolean preserveHost) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withForwardedFor(ForwardedFor forwardedFor, boolean clientPort) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, clientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withDropInvalidHeaders(boolean dropInvalidHeaders) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withLogging(Logging logging) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withHeaders(HeaderEdits headers) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withHttp2(boolean http2) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withClientKeepAlive(Duration clientKeepAlive) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }

    public ListenerSettings withStrictness(Strictness strictness) {
        return new ListenerSettings(idleTimeout, clientKeepAlive, preserveHost, forwardedFor, forwardedForClientPort, dropInvalidHeaders, strictness,
                logging, headers, http2);
    }
}
