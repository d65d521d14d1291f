package dev.viridian.registry;

import dev.viridian.registry.RegistryAccess.Action;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Content;

/// Blobs over HTTP: reading them, whole or in part, and the three ways to upload one.
final class BlobRequests {
    private static final Pattern CONTENT_RANGE = Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/.*)?");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})?");
    private static final int BUFFER = 1 << 16;

    private final Registry registry;
    private final BiFunction<Exchange, String, Optional<ImageName>> mayRead;

    /// @param mayRead the repository a path means, if the client may read there
    BlobRequests(Registry registry, BiFunction<Exchange, String, Optional<ImageName>> mayRead) {
        this.registry = registry;
        this.mayRead = mayRead;
    }

    static Action uploadAction(String method) {
        return switch (method) {
            case "POST" -> Action.START_UPLOAD;
            case "GET", "PATCH", "DELETE" -> Action.UPLOAD_PART;
            case "PUT" -> Action.COMPLETE_UPLOAD;
            default -> throw RegistryException.unsupported("The operation is unsupported.");
        };
    }

    void read(Exchange exchange, String reference) throws IOException {
        Blob blob = registry.blobs().find(exchange.name(), digest(reference)).orElseThrow(RegistryException::blobUnknown);
        exchange.answer("Docker-Content-Digest", blob.digest()).answer("ETag", "\"" + blob.digest() + "\"")
                .answer("Content-Type", "application/octet-stream")
                .answer("Accept-Ranges", "bytes").answer("Cache-Control", "max-age=31536000");
        Matcher range = RANGE.matcher(exchange.header("Range").orElse(""));
        if (range.matches() && exchange.method().equals("GET")) {
            readPart(exchange, blob, range);
        } else {
            send(exchange.status(200), blob, 0, blob.size());
        }
    }

    private static void readPart(Exchange exchange, Blob blob, Matcher range) throws IOException {
        long first = Long.parseLong(range.group(1));
        long last = Math.min(blob.size() - 1, range.group(2) == null ? Long.MAX_VALUE : Long.parseLong(range.group(2)));
        if (first > last) {
            exchange.answer("Content-Range", "bytes */" + blob.size());
            throw new RegistryException(416, "RANGE_INVALID", "The blob has " + blob.size() + " bytes");
        }
        exchange.answer("Content-Range", "bytes " + first + "-" + last + "/" + blob.size());
        send(exchange.status(206), blob, first, last - first + 1);
    }

    private static void send(Exchange exchange, Blob blob, long first, long length) throws IOException {
        exchange.answer("Content-Length", length);
        if (exchange.method().equals("HEAD")) {
            return;
        }
        try (InputStream in = blob.open(first); OutputStream out = Content.Sink.asOutputStream(exchange.response())) {
            byte[] buffer = new byte[BUFFER];
            long left = length;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("blob " + blob.digest() + " ends early");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    void upload(Exchange exchange, String id) throws IOException {
        boolean begins = exchange.method().equals("POST");
        if (begins != id.isEmpty()) {
            throw RegistryException.unsupported("The operation is unsupported.");
        }
        switch (exchange.method()) {
            case "POST" -> begin(exchange);
            case "PATCH" -> proceed(exchange, id);
            case "PUT" -> finish(exchange, id);
            case "GET" -> progress(exchange.status(204), id, registry.blobs().uploads().received(exchange.name(), id));
            default -> {
                registry.blobs().uploads().cancel(exchange.name(), id);
                exchange.status(204).sendNothing();
            }
        }
    }

    private void begin(Exchange exchange) {
        Optional<Digest> mount = exchange.query("mount").flatMap(Digest::parse);
        if (mount.isPresent() && mount(exchange, mount.get())) {
            created(exchange, mount.get());
            return;
        }
        Optional<Digest> whole = exchange.query("digest").map(BlobRequests::digest);
        String id = registry.blobs().uploads().begin(exchange.name());
        if (whole.isPresent()) {
            registry.blobs().uploads().append(exchange.name(), id, exchange.body());
            created(exchange, registry.blobs().uploads().finish(exchange.name(), id, whole.get()).digest());
        } else {
            progress(exchange.status(202), id, 0);
        }
    }

    private boolean mount(Exchange exchange, Digest digest) {
        return registry.blobs().has(exchange.name(), digest)
                || exchange.query("from").flatMap(from -> mayRead.apply(exchange, from))
                .map(from -> registry.blobs().mount(from, exchange.name(), digest)).orElse(false);
    }

    private void proceed(Exchange exchange, String id) {
        try {
            progress(exchange.status(202), id, append(exchange, id));
        } catch (RegistryException e) {
            if (e.status() == 416) {
                progress(exchange, id, registry.blobs().uploads().received(exchange.name(), id));
            }
            throw e;
        }
    }

    private void finish(Exchange exchange, String id) {
        Digest expected = digest(exchange.query("digest").orElse(""));
        append(exchange, id);
        created(exchange, registry.blobs().uploads().finish(exchange.name(), id, expected).digest());
    }

    private long append(Exchange exchange, String id) {
        Optional<String> range = exchange.header("Content-Range");
        if (range.isEmpty()) {
            return registry.blobs().uploads().append(exchange.name(), id, exchange.body());
        }
        Matcher parsed = CONTENT_RANGE.matcher(range.get());
        if (!parsed.matches()) {
            throw new RegistryException(400, "BLOB_UPLOAD_INVALID", "Content-Range is not of the form first-last: " + range.get());
        }
        return registry.blobs().uploads().append(exchange.name(), id, Long.parseLong(parsed.group(1)), exchange.body());
    }

    private static void progress(Exchange exchange, String id, long received) {
        exchange.location("/blobs/uploads/" + id).answer("Docker-Upload-UUID", id).answer("Range", "0-" + Math.max(0, received - 1)).sendNothing();
    }

    private static void created(Exchange exchange, Digest digest) {
        exchange.status(201).location("/blobs/" + digest).answer("Docker-Content-Digest", digest).sendNothing();
    }

    private static Digest digest(String text) {
        return Digest.parse(text).orElseThrow(() -> RegistryException.digestInvalid("'" + text + "' is not a sha256 digest"));
    }
}
