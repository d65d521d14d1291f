package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Where bytes come in: measured, checked against what the sender claims, and safely on disk before anyone may name them.
final class Intake {
    static final long MOST_BYTES = 5L << 30;

    private final Store store;
    private final Blobs blobs;

    Intake(Store store, Blobs blobs) {
        this.store = store;
        this.blobs = blobs;
    }

    /// What the sender says about the bytes.
    ///
    /// @param length of the body, if told
    /// @param keep the algorithm whose value is remembered
    record Claims(Optional<Long> length, @Nullable String contentMd5, Optional<ObjectChecksum> checksum, Algorithm keep) {
        static Claims none(Algorithm keep) {
            return new Claims(Optional.empty(), null, Optional.empty(), keep);
        }
    }

    /// Bytes that are on disk and named by nobody yet.
    record Arrival(String blob, long size, byte[] md5, ObjectChecksum checksum) {
        String etag() {
            return "\"" + HexFormat.of().formatHex(md5) + "\"";
        }

        Piece piece(int number) {
            return new Piece(number, blob, size, Optional.of(checksum));
        }
    }

    Arrival receive(InputStream body, Claims claims) {
        byte[] expectedMd5 = md5(claims.contentMd5());
        claims.checksum().ifPresent(ObjectChecksum::checkForm);
        Digest md5 = Digest.of(Algorithm.messageDigest("MD5"));
        Digest kept = claims.keep().digest();
        Algorithm sent = claims.checksum().map(ObjectChecksum::algorithm).orElse(claims.keep());
        Digest other = sent == claims.keep() ? null : sent.digest();
        Blobs.Received received = receive(body, other == null ? new Digest[] {md5, kept} : new Digest[] {md5, kept, other});
        Arrival arrival = new Arrival(received.id(), received.size(), md5.value(), ObjectChecksum.full(claims.keep(), kept.value()));
        return keepIf(arrival, () -> {
            check(arrival, claims, expectedMd5, other == null ? arrival.checksum() : ObjectChecksum.full(sent, other.value()));
            return arrival;
        });
    }

    private Blobs.Received receive(InputStream body, Digest... digests) {
        try (body) {
            return blobs.receive(Ids.hex(32), body, MOST_BYTES, digests);
        } catch (IOException e) {
            throw SdkClientException.create("The body of the request could not be read or kept: " + e.getMessage(), e);
        }
    }

    private static void check(Arrival arrival, Claims claims, byte[] expectedMd5, ObjectChecksum computed) {
        if (claims.length().filter(length -> length != arrival.size()).isPresent()) {
            throw S3Errors.of("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }
        if (expectedMd5.length > 0 && !Arrays.equals(expectedMd5, arrival.md5())) {
            throw S3Errors.badDigest("Content-MD5");
        }
        claims.checksum().filter(sent -> !sent.value().equals(computed.value())).ifPresent(sent -> {
            throw S3Errors.badDigest(sent.algorithm().name());
        });
    }

    private static byte[] md5(@Nullable String header) {
        if (header == null) {
            return new byte[0];
        }
        try {
            byte[] md5 = Base64.getDecoder().decode(header.trim());
            if (md5.length == 16) {
                return md5;
            }
        } catch (IllegalArgumentException e) {
            throw S3Errors.of("InvalidDigest", 400, "The Content-MD5 you specified was invalid.");
        }
        throw S3Errors.of("InvalidDigest", 400, "The Content-MD5 you specified was invalid.");
    }

    /// Runs the transaction that names the arrived bytes. When it fails, the bytes go.
    <T> T commit(Arrival arrival, Supplier<T> body) {
        return keepIf(arrival, () -> store.transact(() -> {
            T result = body.get();
            store.afterCommit(() -> blobs.shelve(List.of(arrival.blob())));
            return result;
        }));
    }

    private <T> T keepIf(Arrival arrival, Supplier<T> body) {
        try {
            return body.get();
        } catch (RuntimeException e) {
            blobs.delete(List.of(arrival.blob()));
            throw e;
        }
    }
}
