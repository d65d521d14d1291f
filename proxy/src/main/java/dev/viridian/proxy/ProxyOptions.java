package dev.viridian.proxy;

import java.time.Duration;
import java.util.Optional;

/// What is fixed for the life of a [Proxy].
///
/// @param loops                 event loops; a connection and its target connection stay on one of them
/// @param serverName            `Server` header of answers the proxy gives itself
/// @param traceHeader           header that carries a trace id (`Root=1-<time>-<random>`) to the target; empty for none
/// @param healthCheckAgent      `User-Agent` of health checks
/// @param connectTimeout        real: how long a target may take to accept a connection before the client gets 504
/// @param healthTimeoutFloor    real: a health check is given at least this long, however fast the pace
/// @param substitutePorts       whether a listener whose port cannot be bound gets another one (see [Binding]) instead of none
/// @param nativeTransport       whether epoll is used where present
/// @param limits                how much of the machine clients may take
public record ProxyOptions(int loops, String serverName, Optional<String> traceHeader, String healthCheckAgent, Duration connectTimeout,
        Duration healthTimeoutFloor, boolean substitutePorts, boolean nativeTransport, Limits limits) {
    public static final ProxyOptions DEFAULT = new ProxyOptions(Runtime.getRuntime().availableProcessors(), "viridian", Optional.empty(),
            "viridian-health", Duration.ofSeconds(10), Duration.ofMillis(500), true, true, Limits.OF_MACHINE);

    public ProxyOptions {
        if (loops < 1) {
            throw new IllegalArgumentException("a proxy needs at least one event loop, got " + loops);
        }
    }

    public ProxyOptions withNames(String serverName, String traceHeader, String healthCheckAgent) {
        return new ProxyOptions(loops, serverName, Optional.of(traceHeader), healthCheckAgent, connectTimeout, healthTimeoutFloor, substitutePorts,
                nativeTransport, limits);
    }

    public ProxyOptions withLoops(int loops) {
        return new ProxyOptions(loops, serverName, traceHeader, healthCheckAgent, connectTimeout, healthTimeoutFloor, substitutePorts,
                nativeTransport, limits);
    }

    public ProxyOptions withConnectTimeout(Duration connectTimeout) {
        return new ProxyOptions(loops, serverName, traceHeader, healthCheckAgent, connectTimeout, healthTimeoutFloor, substitutePorts,
                nativeTransport, limits);
    }

    public ProxyOptions withSubstitutePorts(boolean substitutePorts) {
        return new ProxyOptions(loops, serverName, traceHeader, healthCheckAgent, connectTimeout, healthTimeoutFloor, substitutePorts,
                nativeTransport, limits);
    }

    public ProxyOptions withNativeTransport(boolean nativeTransport) {
        return new ProxyOptions(loops, serverName, traceHeader, healthCheckAgent, connectTimeout, healthTimeoutFloor, substitutePorts,
                nativeTransport, limits);
    }

    public ProxyOptions withLimits(Limits limits) {
        return new ProxyOptions(loops, serverName, traceHeader, healthCheckAgent, connectTimeout, healthTimeoutFloor, substitutePorts,
                nativeTransport, limits);
    }
}
