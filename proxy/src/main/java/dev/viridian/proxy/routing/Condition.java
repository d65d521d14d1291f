package dev.viridian.proxy.routing;

import java.util.List;
import java.util.Optional;

/// What a rule asks of a request. Within one condition any value suffices. In patterns `*` stands for any run of characters and `?` for exactly one;
/// a backslash before either makes it an ordinary character. Regular expressions are in RE2's syntax and fit anywhere in the value unless anchored.
public sealed interface Condition {

    /// The host without port; case does not matter.
    ///
    /// @param regexes tried on the host without its port and, when it has one, also on the whole
    record Host(List<String> patterns, List<String> regexes) implements Condition {
        public Host {
            patterns = List.copyOf(patterns);
            regexes = List.copyOf(regexes);
        }

        public Host(List<String> patterns) {
            this(patterns, List.of());
        }
    }

    /// The path without query, normalized as RFC 3986 section 6.2.2 describes: dot segments are resolved, percent-encodings of letters, digits and
    /// `-._~` are decoded. So `/x/../%61dmin` is `/admin`; what is forwarded stays as it was written. Case matters.
    record Path(List<String> patterns, List<String> regexes) implements Condition {
        public Path {
            patterns = List.copyOf(patterns);
            regexes = List.copyOf(regexes);
        }

        public Path(List<String> patterns) {
            this(patterns, List.of());
        }
    }

    /// Any header of this name (case does not matter) with a value like one of the patterns (case does not matter).
    record Header(String name, List<String> patterns, List<String> regexes) implements Condition {
        public Header {
            patterns = List.copyOf(patterns);
            regexes = List.copyOf(regexes);
        }

        public Header(String name, List<String> patterns) {
            this(name, patterns, List.of());
        }
    }

    /// The method, exactly.
    record Method(List<String> methods) implements Condition {
        public Method {
            methods = List.copyOf(methods);
        }
    }

    /// Any parameter of the query, percent-encodings decoded as in paths; case does not matter.
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
