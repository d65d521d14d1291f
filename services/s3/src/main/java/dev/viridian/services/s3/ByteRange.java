package dev.viridian.services.s3;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A stretch of an object's bytes.
record ByteRange(long first, long length) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    /// What a `Range` header asks of an object of `size` bytes; empty when it asks for nothing we honour (several ranges, other units), as HTTP
    /// allows.
    static Optional<ByteRange> of(@Nullable String header, long size) {
        Matcher matcher = ONE_RANGE.matcher(header == null ? "" : header.trim());
        if (!matcher.matches() || matcher.group(1).length() + matcher.group(2).length() == 0) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long last = number(matcher.group(2));
            return Optional.of(satisfiable(Math.max(0, size - last), Math.min(last, size)));
        }
        long first = number(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : number(matcher.group(2));
        if (last < first && !matcher.group(2).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(satisfiable(first, Math.min(last, size - 1) - first + 1));
    }

    /// A copy's range must be whole and within the source.
    ///
    /// Source: UploadPartCopy API, `x-amz-copy-source-range`
    static ByteRange ofCopy(String header, long size) {
        Matcher matcher = ONE_RANGE.matcher(header.trim());
        if (!matcher.matches() || matcher.group(1).isEmpty() || matcher.group(2).isEmpty() || number(matcher.group(2)) < number(matcher.group(1))) {
            throw S3Errors.invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                    + "zero-based offsets of the first and last bytes to copy");
        }
        long first = number(matcher.group(1));
        long last = number(matcher.group(2));
        if (last >= size) {
            throw S3Errors.invalidArgument("Range specified is not valid for source object of size: " + size);
        }
        return new ByteRange(first, last - first + 1);
    }

    /// As `Content-Range` wants it.
    String header(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }

    private static ByteRange satisfiable(long first, long length) {
        if (length <= 0) {
            throw S3Errors.of("InvalidRange", 416, "The requested range is not satisfiable");
        }
        return new ByteRange(first, length);
    }

    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
