package dev.viridian.wire;

import dev.viridian.wire.protocol.Protocol;
import java.util.Map;

/// What a request means.
///
/// @param operation its name, which the service may not know
/// @param labels from the path, in REST
/// @param form the body's parameters, in query
record Route(Endpoint endpoint, Protocol protocol, String operation, Map<String, String> labels, Query form) {
    static final Query NO_FORM = new Query(java.util.List.of());

    static Route rpc(Endpoint endpoint, Protocol protocol, String operation) {
        return new Route(endpoint, protocol, operation, Map.of(), NO_FORM);
    }
}
