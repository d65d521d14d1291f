package dev.viridian.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A server that gives tickets, as all contenders do, and writes down of each connection whether an earlier session was taken up again. Such a
/// handshake costs less, and it is the client that asks for it: what a generator does is seen here before it is measured.
///
/// @param log has nginx's `$ssl_session_reused` of each connection
record Witness(int port, Path log) {
    /// @throws Failed when the generator makes other handshakes than the workload is about
    void check(Workload workload, Generator generator) {
        workload.handshake().ifPresent(expected -> {
            int before = lines().size();
            generator.drive(workload, port, 1);
            List<String> seen = lines().stream().skip(before).toList();
            if (!expected.isWhatWasDone(seen)) {
                throw new Failed(workload.id() + " is about handshakes that are " + expected.name().toLowerCase(Locale.ROOT)
                        + ", but its load generator took up a session in " + Handshake.resumed(seen) + " of " + seen.size() + " connections");
            }
        });
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new Failed("could not read what the witness of handshakes has seen: " + e.getMessage());
        }
    }
}
