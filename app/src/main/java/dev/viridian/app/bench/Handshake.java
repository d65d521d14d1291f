package dev.viridian.app.bench;

import java.util.List;

/// How a TLS connection begins: with the certificate and a signature, or with an earlier session that is taken up again, which spares both.
enum Handshake {
    FULL, RESUMED;

    private static final String TAKEN_UP = "r";

    /// Whether a generator has made such handshakes. All of them must be full; for what is resumed, most is enough, because the first of each
    /// connection cannot be.
    ///
    /// @param log of a [Witness]: a line for each connection
    boolean isWhatWasDone(List<String> log) {
        long resumed = resumed(log);
        return switch (this) {
            case FULL -> !log.isEmpty() && resumed == 0;
            case RESUMED -> resumed > log.size() / 2;
        };
    }

    static long resumed(List<String> log) {
        return log.stream().filter(TAKEN_UP::equals).count();
    }
}
