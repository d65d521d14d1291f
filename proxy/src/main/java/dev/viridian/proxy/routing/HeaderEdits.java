package dev.viridian.proxy.routing;

import java.util.List;
import java.util.Optional;

/// What a listener writes into heads beyond what passing them on needs.
///
/// @param tls         tells targets about the client's TLS; empty: does not. What a client claims under these names is dropped
/// @param namesServer whether answers of the proxy itself carry a `Server` header
/// @param answers     set on every answer, whoever made it, in place of what a target set under the same name
public record HeaderEdits(Optional<TlsNames> tls, boolean namesServer, List<Field> answers) {
    public static final HeaderEdits NONE = new HeaderEdits(Optional.empty(), true, List.of());

    public HeaderEdits {
        answers = List.copyOf(answers);
    }

    /// @param version name of the header that tells the protocol, such as `TLSv1.3`
    /// @param cipher  name of the header that tells the cipher suite as OpenSSL calls it
    public record TlsNames(String version, String cipher) {}

    public record Field(String name, String value) {
        public Field {
            if (name.isEmpty() || (name + value).chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
                throw new IllegalArgumentException("not a header line: " + name + ": " + value);
            }
        }
    }
}
