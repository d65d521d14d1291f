package dev.viridian.wire.body;

import dev.viridian.wire.Headers;
import dev.viridian.wire.auth.Identity.ChunkSeed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Opens request bodies.
public final class Bodies {
    private static final int SHA256_HEX = 64;

    private Bodies() {}

    /// A whole body, of at most `limit` bytes.
    ///
    /// @throws BodyRejected with `RequestEntityTooLarge` when it is longer
    public static byte[] read(InputStream in, long announced, int limit) throws IOException {
        if (announced > limit) {
            throw tooLarge(limit);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(announced > 0 ? (int) announced : 1024);
        byte[] buffer = new byte[16_384];
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
            if (bytes.size() + got > limit) {
                throw tooLarge(limit);
            }
            bytes.write(buffer, 0, got);
        }
        return bytes.toByteArray();
    }

    /// Takes gzip off, when the request says it is on. The limit holds for what comes out, so that a small body cannot blow up.
    public static byte[] unzipped(byte[] body, Headers headers, int limit) throws IOException {
        if (!headers.first("content-encoding").orElse("").strip().equalsIgnoreCase("gzip")) {
            return body;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return read(in, -1, limit);
        } catch (ZipException e) {
            throw new BodyRejected("SerializationException", 400, "The body is not gzip, as Content-Encoding says: " + e.getMessage());
        }
    }

    /// A body that flows, with its coding taken off and its checksums verified on the way.
    ///
    /// @param announced Content-Length, or -1
    /// @param seed with which chunk signatures are verified; null when signatures are not checked
    public static VerifiedBody flowing(InputStream in, Headers headers, long announced, @Nullable ChunkSeed seed) throws BodyRejected {
        String hash = headers.first("x-amz-content-sha256").orElse("");
        boolean coded = hash.startsWith("STREAMING-") || isAwsChunked(headers);
        AwsChunked chunked = coded ? new AwsChunked(in, hash.startsWith("STREAMING-AWS4-HMAC-SHA256") ? seed : null) : null;
        List<VerifiedBody.Expected> expected = expectations(headers);
        if (!coded && hash.length() == SHA256_HEX) {
            expected.add(new VerifiedBody.Expected("x-amz-content-sha256", Digest.sha256Hex(), hash, "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed."));
        }
        long length = coded ? headers.first("x-amz-decoded-content-length").map(Bodies::number).orElse(-1L) : announced;
        return new VerifiedBody(chunked == null ? in : chunked, chunked, length, expected);
    }

    public static boolean isAwsChunked(Headers headers) {
        return headers.all("content-encoding").stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("aws-chunked"));
    }

    /// The content's own encoding, without the coding of the transfer.
    public static Optional<String> contentEncoding(Headers headers) {
        return headers.first("content-encoding").map(value -> String.join(",", List.of(value.split(",")).stream().map(String::strip)
                .filter(coding -> !coding.equalsIgnoreCase("aws-chunked")).toList())).filter(value -> !value.isEmpty());
    }

    private static List<VerifiedBody.Expected> expectations(Headers headers) throws BodyRejected {
        List<VerifiedBody.Expected> expected = new ArrayList<>();
        Optional<String> md5 = headers.first("content-md5");
        if (md5.isPresent()) {
            if (!isMd5(md5.get())) {
                throw new BodyRejected("InvalidDigest", 400, "The Content-MD5 you specified was invalid.");
            }
            expected.add(new VerifiedBody.Expected("content-md5", Digest.md5(), md5.get(), "BadDigest",
                    "The Content-MD5 you specified did not match what we received."));
        }
        headers.map().keySet().forEach(name -> Digest.forHeader(name)
                .ifPresent(digest -> expected.add(checksum(name, digest, headers.first(name).orElse("")))));
        headers.first("x-amz-trailer").map(name -> name.toLowerCase(Locale.ROOT).strip())
                .ifPresent(name -> Digest.forHeader(name).ifPresent(digest -> expected.add(checksum(name, digest, null))));
        return expected;
    }

    private static VerifiedBody.Expected checksum(String name, Digest digest, @Nullable String value) {
        String algorithm = name.substring(name.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT);
        return new VerifiedBody.Expected(name, digest, value, "BadDigest", "The " + algorithm
                + " you specified did not match the calculated checksum.");
    }

    private static boolean isMd5(String text) {
        try {
            return Base64.getDecoder().decode(text).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Long number(String text) {
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return -1L;
        }
    }

    private static BodyRejected tooLarge(int limit) {
        return new BodyRejected("RequestEntityTooLarge", 413, "The request body is larger than " + limit + " bytes");
    }
}
