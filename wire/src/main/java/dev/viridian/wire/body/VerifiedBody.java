package dev.viridian.wire.body;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A body that is compared with everything its sender said about it: length, hashes, checksums in headers or after the body.
///
/// The comparison happens before the last bytes are handed on, not after: a reader that stops at the announced length is told of a wrong body too.
public final class VerifiedBody extends InputStream {
    /// @param code with which a mismatch is answered
    record Expected(String name, Digest digest, @Nullable String value, String code, String message) {}

    private final InputStream in;
    private final @Nullable AwsChunked chunked;
    private final long length;
    private final List<Expected> expected;
    private long count;
    private boolean finished;
    private @Nullable BodyRejected rejection;

    /// @param length announced, or -1
    VerifiedBody(InputStream in, @Nullable AwsChunked chunked, long length, List<Expected> expected) {
        this.in = in;
        this.chunked = chunked;
        this.length = length;
        this.expected = new ArrayList<>(expected);
    }

    /// How many bytes the body has once all codings are off; empty when nobody said.
    public Optional<Long> length() {
        return length < 0 ? Optional.empty() : Optional.of(length);
    }

    /// Why the body was refused, if it was; also when the reader kept that to itself.
    public Optional<BodyRejected> rejection() {
        return Optional.ofNullable(rejection);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int wanted) throws IOException {
        if (rejection != null) {
            throw rejection;
        }
        if (wanted == 0) {
            return 0;
        }
        try {
            return checked(bytes, offset, wanted);
        } catch (BodyRejected e) {
            rejection = e;
            throw e;
        } catch (EOFException e) {
            rejection = BodyRejected.incomplete();
            rejection.initCause(e);
            throw rejection;
        }
    }

    private int checked(byte[] bytes, int offset, int wanted) throws IOException {
        if (finished) {
            return -1;
        }
        int got = in.read(bytes, offset, wanted);
        if (got < 0) {
            finish();
            return -1;
        }
        for (Expected expectation : expected) {
            expectation.digest().update(bytes, offset, got);
        }
        count += got;
        if (count == length) {
            if (in.read() >= 0) {
                throw BodyRejected.incomplete();
            }
            finish();
        } else if (length >= 0 && count > length) {
            throw BodyRejected.incomplete();
        }
        return got;
    }

    private void finish() throws BodyRejected {
        finished = true;
        if (length >= 0 && count != length) {
            throw BodyRejected.incomplete();
        }
        Map<String, String> trailers = chunked == null ? Map.of() : chunked.trailers();
        for (Expected expectation : expected) {
            String value = expectation.value() != null ? expectation.value() : trailers.get(expectation.name());
            if (value == null) {
                throw new BodyRejected("MalformedTrailerError", 400,
                        "The request contained trailing data that was not well-formed or did not conform to our published schema.");
            }
            if (!expectation.digest().text().equals(value)) {
                throw new BodyRejected(expectation.code(), 400, expectation.message());
            }
        }
    }
}
