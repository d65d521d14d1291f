package dev.viridian.services.s3;

import dev.viridian.aws.shapes.Shape;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/// Members that many of S3's shapes share (`Bucket`, `ContentType`, `ChecksumCRC32`), read and written by the name the API model gives them.
final class Members {
    private Members() {}

    static Optional<String> text(SdkPojo request, String member) {
        return Shape.of(request.getClass()).member(member).map(m -> m.get(request)).map(Object::toString);
    }

    /// Sets those members that the shape has; a value for a member it lacks is dropped.
    ///
    /// @param model the class the builder builds
    static <B extends SdkPojo> B set(B builder, Class<?> model, Map<String, ?> values) {
        Shape shape = Shape.of(model);
        values.forEach((name, value) -> shape.member(name).ifPresent(m -> m.set(builder, value)));
        return builder;
    }
}
