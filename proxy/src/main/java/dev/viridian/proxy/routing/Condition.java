package dev.viridian.proxy.routing;

import java.util.List;
import java.util.Optional;

/// What a rule asks of a request. Within one condition any value suffices. In patterns `*` stands for any run of characters and `?` for exactly one.
public sealed interface Condition {

    /// The host without port; case does not matter.
    record Host(List<String> patterns) implements Condition {
        public Host {
            patterns = List.copyOf(patterns);
        }
    }

    /// The path without query, as the client wrote it; case matters.
    record Path(List<String> patterns) implements Condition {
        public Path {
            patterns = List.copyOf(patterns);
        }
    }

    /// Any header of this name (case does not matter) with a value like one of the patterns (case does not matter).
    record Header(String name, List<String> patterns) implements Condition {
        public Header {
            patterns = List.copyOf(patterns);
        }
    }

    /// The method, exactly.
    record Method(List<String> methods) implements Condition {
        public Method {
            methods = List.copyOf(methods);
        }
    }

    /// Any parameter of the query; case does not matter.
    record Query(List<Parameter> parameters) implements Condition {

        /// @param key pattern for the name; empty accepts any
        public record Parameter(Optional<String> key, String value) {}

        public Query {
            parameters = List.copyOf(parameters);
        }
    }

    /// The address of the connecting socket (never `X-Forwarded-For`), as CIDR blocks such as `10.0.0.0/8`.
    record SourceIp(List<String> blocks) implements Condition {
        public SourceIp {
            blocks = List.copyOf(blocks);
        }
    }
}
