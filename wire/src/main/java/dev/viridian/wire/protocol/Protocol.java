package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.OperationIndex.Operation;
import software.amazon.awssdk.core.SdkPojo;

/// How inputs, outputs and errors look as bytes. Knows shapes, no operation.
public interface Protocol {

    /// @throws dev.viridian.aws.shapes.ShapeMismatch when the request does not fit
    SdkPojo read(Input input);

    Answer write(Operation operation, SdkPojo output, String requestId);

    /// @param resource the path that was asked for
    Answer error(Failure failure, String requestId, String resource);

    AuthStyle authStyle();
}
