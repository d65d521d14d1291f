package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.OperationIndex.Meta;
import dev.viridian.aws.shapes.OperationIndex.Operation;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.aws.shapes.ShapeJson;
import dev.viridian.aws.shapes.ShapeMismatch;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// JSON 1.0 and 1.1: one POST, the operation in `X-Amz-Target`, everything in the body.
public final class AwsJson implements Protocol {
    static final JsonFactory JSON = new JsonFactory();
    static final ShapeJson SHAPES = new ShapeJson(new PayloadNames() {
        @Override
        public void timestamp(JsonGenerator json, Member member, Instant value) {
            if (member.timestampFormat().orElse(Member.TimestampFormat.EPOCH_SECONDS) == Member.TimestampFormat.ISO_8601) {
                json.writeString(Texts.iso(value));
            } else {
                ShapeJson.epochSeconds(json, value);
            }
        }
    });

    /// The names members have in a payload.
    interface PayloadNames extends ShapeJson.Dialect {
        @Override
        default String name(Member member) {
            return member.wireName();
        }

        @Override
        default @Nullable Member member(Shape shape, String name) {
            return shape.onWire(name);
        }
    }

    private final String contentType;
    private final boolean usedToBeQuery;

    public AwsJson(Meta meta) {
        this.contentType = "application/x-amz-json-" + meta.jsonVersion();
        this.usedToBeQuery = meta.protocols().contains("query");
    }

    @Override
    public SdkPojo read(Input input) {
        SdkPojo builder = input.shape().newBuilder();
        readJson(input.body(), input.shape(), builder);
        return Shape.build(builder);
    }

    static void readJson(byte[] body, Shape shape, SdkPojo builder) {
        if (body.length == 0) {
            return;
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            json.nextToken();
            SHAPES.readInto(json, shape, builder);
        } catch (JacksonException e) {
            throw new ShapeMismatch("The body is not JSON: " + e.getOriginalMessage());
        }
    }

    @Override
    public Answer write(Operation operation, SdkPojo output, String requestId) {
        byte[] body = operation.output() == null ? new byte[0] : json(json -> SHAPES.write(json, output));
        return Answer.of(200, contentType, body).with("x-amzn-RequestId", requestId);
    }

    @Override
    public Answer error(Failure failure, String requestId, String resource) {
        byte[] body = json(json -> {
            json.writeStartObject();
            json.writeStringProperty("__type", failure.shape());
            writeDetails(json, failure);
            json.writeEndObject();
        });
        Answer answer = Answer.of(failure.status(), contentType, body).with("x-amzn-RequestId", requestId);
        return usedToBeQuery ? answer.with("x-amzn-query-error", queryError(failure)) : answer;
    }

    @Override
    public AuthStyle authStyle() {
        return AuthStyle.JSON;
    }

    /// For clients that still branch on the codes of the time when the service spoke query.
    static String queryError(Failure failure) {
        return failure.code() + (failure.fault() ? ";Receiver" : ";Sender");
    }

    static void writeDetails(JsonGenerator json, Failure failure) {
        json.writeStringProperty("message", failure.message());
        failure.members().ifPresent(members -> SHAPES.writeMembers(json, members));
    }

    static byte[] json(java.util.function.Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            content.accept(json);
        }
        return bytes.toByteArray();
    }
}
