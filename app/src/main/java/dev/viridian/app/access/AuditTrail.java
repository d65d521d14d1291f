package dev.viridian.app.access;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.engine.time.Time;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Who called what, and how it ended: one JSON line per call, without parameters, which may hold secrets.
///
/// Reads by the services' own loops are left out; they would drown everything else. The file is started anew at 32 MiB and one older file is kept.
public final class AuditTrail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final long LARGEST = 32L * 1024 * 1024;

    private record Line(String time, String requestId, String principal, String account, String region, String service, String operation, @Nullable String error) {}

    private final Time time;
    private final @Nullable Path file;
    private final JsonMapper json = JsonMapper.builder().build();
    private @Nullable BufferedWriter writer;
    private long written;

    /// @param file null records nothing
    public AuditTrail(Time time, @Nullable Path file) {
        this.time = time;
        this.file = file;
    }

    /// @param error the error's code; empty when the call succeeded
    void record(Caller caller, Class<?> clientInterface, String operation, String error) {
        if (file == null || isOwnLook(caller, operation, error)) {
            return;
        }
        String name = clientInterface.getSimpleName();
        Line line = new Line(time.now().toString(), caller.requestId(), caller.principal().arn(), caller.account(), caller.region(),
                name.substring(0, name.length() - "Client".length()), operation, error.isEmpty() ? null : error);
        write(json.writeValueAsString(line));
    }

    private static boolean isOwnLook(Caller caller, String operation, String error) {
        boolean read = operation.startsWith("Describe") || operation.startsWith("Get") || operation.startsWith("List") || operation.startsWith("BatchGet")
                || operation.startsWith("PutMetricData") || operation.startsWith("PutLogEvents");
        return read && error.isEmpty() && !(caller.principal() instanceof Principal.User) && !(caller.principal() instanceof Principal.Root);
    }

    /// A trail that cannot be written must not stop deliveries; it says so once per failure.
    private synchronized void write(String line) {
        try {
            if (writer == null || written > LARGEST) {
                open();
            }
            writer.write(line);
            writer.newLine();
            writer.flush();
            written += line.length() + 1;
        } catch (IOException e) {
            LOG.warn("Could not write to the audit trail {}: {}. The call itself went on.", file, e.getMessage());
        }
    }

    private void open() throws IOException {
        if (writer != null) {
            writer.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        written = Files.exists(file) ? Files.size(file) : 0;
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Could not close the audit trail " + file, e);
            }
            writer = null;
        }
    }
}
