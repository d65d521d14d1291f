package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.OperationIndex.Operation;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.aws.shapes.ShapeJson;
import dev.viridian.aws.shapes.ShapeMismatch;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;

/// Smithy RPC v2 with CBOR: `POST /service/NAME/operation/OPERATION`. Timestamps are epoch seconds under tag 1.
public final class RpcCbor implements Protocol {
    private static final int TAG_EPOCH_SECONDS = 1;
    private static final CBORFactory CBOR = new CBORFactory();
    private static final ShapeJson SHAPES = new ShapeJson(new AwsJson.PayloadNames() {
        @Override
        public void timestamp(JsonGenerator json, Member member, Instant value) {
            ((CBORGenerator) json).writeTag(TAG_EPOCH_SECONDS);
            long millis = value.toEpochMilli();
            if (millis % 1000 == 0) {
                json.writeNumber(millis / 1000);
            } else {
                json.writeNumber(millis / 1000.0);
            }
        }
    });

    @Override
    public SdkPojo read(Input input) {
        SdkPojo builder = input.shape().newBuilder();
        if (input.body().length > 0) {
            try (JsonParser cbor = CBOR.createParser(ObjectReadContext.empty(), input.body())) {
                cbor.nextToken();
                SHAPES.readInto(cbor, input.shape(), builder);
            } catch (JacksonException e) {
                throw new ShapeMismatch("The body is not CBOR: " + e.getOriginalMessage());
            }
        }
        return Shape.build(builder);
    }

    @Override
    public Answer write(Operation operation, SdkPojo output, String requestId) {
        return answer(200, cbor(cbor -> SHAPES.write(cbor, output)), requestId);
    }

    @Override
    public Answer error(Failure failure, String requestId, String resource) {
        byte[] body = cbor(cbor -> {
            cbor.writeStartObject();
            cbor.writeStringProperty("__type", failure.shape());
            AwsJson.writeDetails(cbor, failure);
            cbor.writeEndObject();
        });
        return answer(failure.status(), body, requestId).with("x-amzn-query-error", AwsJson.queryError(failure));
    }

    @Override
    public AuthStyle authStyle() {
        return AuthStyle.JSON;
    }

    private static Answer answer(int status, byte[] body, String requestId) {
        return Answer.of(status, "application/cbor", body).with("smithy-protocol", "rpc-v2-cbor").with("x-amzn-RequestId", requestId);
    }

    private static byte[] cbor(java.util.function.Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator cbor = CBOR.createGenerator(ObjectWriteContext.empty(), bytes)) {
            content.accept(cbor);
        }
        return bytes.toByteArray();
    }
}
