package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// What the parts of an upload make together. Pure.
///
/// Source: CompleteMultipartUpload API, its errors in particular.
final class Completion {
    private static final long LEAST_PART = 5L << 20;

    private Completion() {}

    static StoredObject of(Upload upload, List<Upload.Part> sent, CompleteMultipartUploadRequest request, Instant now) {
        List<CompletedPart> wished = request.multipartUpload() == null ? List.of() : request.multipartUpload().parts();
        List<Upload.Part> parts = chosen(wished, sent);
        long size = parts.stream().mapToLong(Upload.Part::size).sum();
        if (request.mpuObjectSize() != null && request.mpuObjectSize() != size) {
            throw S3Errors.invalidRequest("The provided 'x-amz-mp-object-size' header value " + request.mpuObjectSize()
                    + " does not match what was computed: " + size);
        }
        ObjectChecksum checksum = checksum(upload, parts, request);
        String etag = upload.encryption().isKms() ? "\"" + Ids.hex(32) + "-" + parts.size() + "\"" : etag(parts);
        return new StoredObject(upload.bucket(), upload.key(), StoredObject.NULL_VERSION, 0, false, now, size, etag, true,
                parts.stream().map(Upload.Part::piece).toList(), Optional.of(checksum), upload.headers(), upload.tags(), upload.encryption());
    }

    private static List<Upload.Part> chosen(List<CompletedPart> wished, List<Upload.Part> sent) {
        if (wished.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        Map<Integer, Upload.Part> byNumber = sent.stream().collect(Collectors.toMap(Upload.Part::number, Function.identity()));
        List<Upload.Part> chosen = new ArrayList<>();
        int before = 0;
        for (CompletedPart part : wished) {
            if (part.partNumber() == null || part.partNumber() <= before) {
                throw S3Errors.of("InvalidPartOrder", 400, "The list of parts was not in ascending order. Parts must be ordered by part number.");
            }
            before = part.partNumber();
            chosen.add(Optional.ofNullable(byNumber.get(before)).filter(found -> isThat(found, part))
                    .orElseThrow(() -> S3Errors.of("InvalidPart", 400,
                    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag "
                    + "may not "
                            + "match the part's entity tag.")));
        }
        if (chosen.stream().limit(chosen.size() - 1L).anyMatch(part -> part.size() < LEAST_PART)) {
            throw S3Errors.of("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size");
        }
        return chosen;
    }

    private static boolean isThat(Upload.Part found, CompletedPart wished) {
        boolean sameTag = wished.eTag() == null || wished.eTag().replace("\"", "").equals(found.etag().replace("\"", ""));
        return sameTag && ObjectChecksum.sentWith(wished)
                .filter(c -> c.algorithm() == found.checksum().algorithm() && !c.value().equals(found.checksum().value())).isEmpty();
    }

    private static ObjectChecksum checksum(Upload upload, List<Upload.Part> parts, CompleteMultipartUploadRequest request) {
        ObjectChecksum computed = ObjectChecksum.ofParts(upload.algorithm(), parts.stream().map(Upload.Part::checksum).toList(),
                parts.stream().map(Upload.Part::size).toList(), upload.composite());
        ObjectChecksum.sentWith(request).filter(c -> c.algorithm() == computed.algorithm() && !whole(c).equals(whole(computed))).ifPresent(c -> {
            throw S3Errors.badDigest(c.algorithm().name());
        });
        return computed;
    }

    /// Some clients leave the number of parts off a composite checksum.
    private static String whole(ObjectChecksum checksum) {
        int dash = checksum.value().indexOf('-');
        return dash < 0 ? checksum.value() : checksum.value().substring(0, dash);
    }

    private static String etag(List<Upload.Part> parts) {
        Digest md5 = Digest.of(Algorithm.messageDigest("MD5"));
        parts.forEach(part -> {
            byte[] one = HexFormat.of().parseHex(part.etag().replace("\"", ""));
            md5.update(one, 0, one.length);
        });
        return "\"" + HexFormat.of().formatHex(md5.value()) + "-" + parts.size() + "\"";
    }
}
