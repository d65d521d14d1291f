package dev.viridian.wire.body;

import dev.viridian.wire.auth.Identity.ChunkSeed;
import dev.viridian.wire.auth.SigV4;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes the `aws-chunked` coding off a body: `size[;chunk-signature=...]`, data, and again; a chunk of size 0 and trailing headers end it.
///
/// Each chunk's signature covers the one before it, so a body cannot be cut or reordered. A chunk is handed on before its signature is known to be
/// right; the end of the body is not reached when it was wrong.
///
/// Source: S3 API, "Signature calculations for the Authorization header: transferring payload in multiple chunks".
final class AwsChunked extends InputStream {
    private static final int LINE_LIMIT = 8192;
    private static final String EMPTY = SigV4.EMPTY_HASH;

    private final InputStream in;
    private final @Nullable ChunkSeed seed;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private String previous;
    private MessageDigest chunkHash = SigV4.sha256();
    private String chunkSignature = "";
    private long left;
    private boolean started;
    private boolean ended;

    /// @param seed null when chunks are not signed or signatures are not checked
    AwsChunked(InputStream in, @Nullable ChunkSeed seed) {
        this.in = in;
        this.seed = seed;
        this.previous = seed == null ? "" : seed.signature();
    }

    /// By lower-case name; complete once the end was read.
    Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw BodyRejected.incomplete();
        }
        if (seed != null) {
            chunkHash.update(bytes, offset, count);
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (started) {
            line(); // the line end after the chunk's data
            verifyChunk();
        }
        started = true;
        String header = line();
        int semicolon = header.indexOf(';');
        left = size(semicolon < 0 ? header : header.substring(0, semicolon));
        chunkSignature = semicolon < 0 ? "" : header.substring(header.indexOf('=', semicolon) + 1).strip();
        if (left == 0) {
            verifyChunk();
            readTrailers();
            ended = true;
        }
    }

    private void verifyChunk() throws BodyRejected {
        if (seed == null) {
            return;
        }
        String toSign = SigV4.ALGORITHM + "-PAYLOAD\n" + seed.stamp() + "\n" + seed.scope() + "\n" + previous + "\n" + EMPTY + "\n"
                + SigV4.hex(chunkHash.digest());
        previous = SigV4.hex(SigV4.hmac(seed.signingKey(), toSign));
        chunkHash = SigV4.sha256();
        if (!SigV4.same(previous, chunkSignature)) {
            throw BodyRejected.wrongChunkSignature();
        }
    }

    private void readTrailers() throws IOException {
        StringBuilder canonical = new StringBuilder();
        String signature = "";
        for (String line = lineOrEnd(); !line.isEmpty(); line = lineOrEnd()) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new BodyRejected("InvalidRequest", 400, "A trailing header has no colon: " + line);
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("x-amz-trailer-signature")) {
                signature = value;
            } else {
                trailers.put(name, value);
                canonical.append(name).append(':').append(value).append('\n');
            }
        }
        verifyTrailers(canonical.toString(), signature);
    }

    private void verifyTrailers(String canonical, String signature) throws BodyRejected {
        if (seed == null || canonical.isEmpty()) {
            return;
        }
        String toSign = SigV4.ALGORITHM + "-TRAILER\n" + seed.stamp() + "\n" + seed.scope() + "\n" + previous + "\n"
                + SigV4.hex(SigV4.sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        if (!SigV4.same(SigV4.hex(SigV4.hmac(seed.signingKey(), toSign)), signature)) {
            throw BodyRejected.wrongChunkSignature();
        }
    }

    private static long size(String hex) throws BodyRejected {
        try {
            return Long.parseUnsignedLong(hex.strip(), 16);
        } catch (NumberFormatException e) {
            throw new BodyRejected("InvalidRequest", 400, "Not the size of a chunk: " + hex);
        }
    }

    private String lineOrEnd() throws IOException {
        try {
            return line();
        } catch (EOFException e) {
            return ""; // some clients leave out the last line end
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw line.size() == 0 ? new EOFException() : BodyRejected.incomplete();
            }
            if (line.size() > LINE_LIMIT) {
                throw new BodyRejected("InvalidRequest", 400, "A line of the chunked body is longer than " + LINE_LIMIT + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
