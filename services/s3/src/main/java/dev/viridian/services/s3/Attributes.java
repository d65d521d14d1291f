package dev.viridian.services.s3;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Checksum;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesParts;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectPart;

/// GetObjectAttributes: what was asked for, and nothing else.
final class Attributes {
    private Attributes() {}

    static GetObjectAttributesResponse of(StoredObject object, Bucket bucket, GetObjectAttributesRequest request) {
        Set<ObjectAttributes> asked = Set.copyOf(request.objectAttributes());
        boolean parts = asked.contains(ObjectAttributes.OBJECT_PARTS) && object.multipart();
        return GetObjectAttributesResponse.builder().lastModified(object.modified()).versionId(Objects.shown(bucket, object.version()))
                .eTag(asked.contains(ObjectAttributes.E_TAG) ? object.etag().replace("\"", "") : null)
                .objectSize(asked.contains(ObjectAttributes.OBJECT_SIZE) ? object.size() : null)
                .storageClass(asked.contains(ObjectAttributes.STORAGE_CLASS) ? "STANDARD" : null)
                .checksum(asked.contains(ObjectAttributes.CHECKSUM) ? checksum(object) : null)
                .objectParts(parts ? parts(object, request) : null).build();
    }

    private static @Nullable Checksum checksum(StoredObject object) {
        return object.checksum().map(c -> Members.set(Checksum.builder(), Checksum.class, c.members()).build()).orElse(null);
    }

    private static GetObjectAttributesParts parts(StoredObject object, GetObjectAttributesRequest request) {
        int most = Listing.most(request.maxParts());
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        List<Piece> rest = object.pieces().stream().filter(piece -> piece.number() > after).toList();
        List<Piece> page = rest.stream().limit(most).toList();
        return GetObjectAttributesParts.builder().totalPartsCount(object.pieces().size()).partNumberMarker(after).maxParts(most)
                .nextPartNumberMarker(page.isEmpty() ? 0 : page.getLast().number()).isTruncated(rest.size() > page.size())
                .parts(page.stream().map(Attributes::part).toList()).build();
    }

    private static ObjectPart part(Piece piece) {
        ObjectPart.Builder part = ObjectPart.builder().partNumber(piece.number()).size(piece.size());
        piece.checksum().ifPresent(c -> Members.set(part, ObjectPart.class, c.members()));
        return part.build();
    }
}
