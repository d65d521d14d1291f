package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Kind;
import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.OperationIndex.Operation;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.aws.shapes.ShapeMismatch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;

/// REST with JSON bodies, as Lambda and CodeStar Notifications speak it.
public final class RestJson implements Protocol {
    private static final String CONTENT_TYPE = "application/json";

    @Override
    public SdkPojo read(Input input) {
        SdkPojo builder = input.shape().newBuilder();
        RestBinding.read(input, builder);
        Optional<Member> payload = input.shape().payload();
        if (payload.isEmpty()) {
            AwsJson.readJson(input.body(), input.shape(), builder);
        } else if (input.body().length > 0) {
            payload.get().set(builder, payload(payload.get(), input.body()));
        }
        return Shape.build(builder);
    }

    private static Object payload(Member member, byte[] body) {
        return switch (member.kind()) {
            case BLOB -> SdkBytes.fromByteArray(body);
            case STRING -> new String(body, StandardCharsets.UTF_8);
            default -> json(member, body);
        };
    }

    private static Object json(Member member, byte[] body) {
        try (JsonParser json = AwsJson.JSON.createParser(ObjectReadContext.empty(), body)) {
            json.nextToken();
            Object value = AwsJson.SHAPES.readValue(json, member);
            if (value == null) {
                throw new ShapeMismatch("The body is empty");
            }
            return value;
        } catch (JacksonException e) {
            throw new ShapeMismatch("The body is not JSON: " + e.getOriginalMessage());
        }
    }

    @Override
    public Answer write(Operation operation, SdkPojo output, String requestId) {
        int status = RestBinding.status(output).orElse(operation.status());
        Answer answer = Answer.of(status, CONTENT_TYPE, body(operation, output)).with("x-amzn-RequestId", requestId);
        RestBinding.write(output, answer);
        return answer;
    }

    private static byte[] body(Operation operation, SdkPojo output) {
        Optional<Member> payload = Shape.of(output.getClass()).payload();
        if (payload.isPresent()) {
            Object value = payload.get().get(output);
            return value == null ? new byte[0] : payload.get().kind() == Kind.BLOB ? ((SdkBytes) value).asByteArray()
                    : AwsJson.json(json -> AwsJson.SHAPES.writeValue(json, payload.get(), value));
        }
        return operation.output() == null || operation.status() == 204 ? new byte[0] : AwsJson.json(json -> AwsJson.SHAPES.write(json, output));
    }

    @Override
    public Answer error(Failure failure, String requestId, String resource) {
        byte[] body = AwsJson.json(json -> {
            json.writeStartObject();
            json.writeStringProperty("Type", failure.fault() ? "Service" : "User");
            AwsJson.writeDetails(json, failure);
            json.writeEndObject();
        });
        return Answer.of(failure.status(), CONTENT_TYPE, body).with("x-amzn-RequestId", requestId).with("x-amzn-ErrorType", failure.shape());
    }

    @Override
    public AuthStyle authStyle() {
        return AuthStyle.JSON;
    }
}
