package dev.viridian.aws.shapes;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Writes and reads model objects as JSON (or whatever else Jackson's streaming API writes, such as CBOR).
///
/// Absent members are not written; `null` reads as absent; unknown members are skipped, as AWS skips them. A value of the wrong type is a
/// [ShapeMismatch] with the words AWS's front ends use.
public final class ShapeJson {
    /// How names and timestamps look, which is all in which our storage and AWS's protocols differ.
    public interface Dialect {
        String name(Member member);

        @Nullable Member member(Shape shape, String name);

        void timestamp(JsonGenerator json, Member member, Instant value);
    }

    /// For storage: the model's names; timestamps as text, to the nanosecond.
    public static final ShapeJson STORED = new ShapeJson(new Dialect() {
        @Override
        public String name(Member member) {
            return member.name();
        }

        @Override
        public @Nullable Member member(Shape shape, String name) {
            return shape.member(name).orElse(null);
        }

        @Override
        public void timestamp(JsonGenerator json, Member member, Instant value) {
            json.writeString(value.toString());
        }
    });

    private final Dialect dialect;

    public ShapeJson(Dialect dialect) {
        this.dialect = dialect;
    }

    public void write(JsonGenerator json, SdkPojo value) {
        json.writeStartObject();
        writeMembers(json, value);
        json.writeEndObject();
    }

    /// The members alone, for a caller that opened the object itself.
    public void writeMembers(JsonGenerator json, SdkPojo owner) {
        for (Member member : Shape.of(owner).members()) {
            if (member.location() == Member.Location.PAYLOAD || dialect == STORED.dialect) {
                Object value = member.get(owner);
                if (value != null) {
                    json.writeName(dialect.name(member));
                    writeValue(json, member, value);
                }
            }
        }
    }

    public void writeValue(JsonGenerator json, Member member, Object value) {
        switch (member.kind()) {
            case STRING -> json.writeString((String) value);
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case BYTE -> json.writeNumber(((Byte) value).shortValue());
            case SHORT -> json.writeNumber((Short) value);
            case INTEGER -> json.writeNumber((Integer) value);
            case LONG -> json.writeNumber((Long) value);
            case FLOAT -> json.writeNumber((Float) value);
            case DOUBLE -> json.writeNumber((Double) value);
            case DECIMAL -> json.writeNumber((BigDecimal) value);
            case TIMESTAMP -> dialect.timestamp(json, member, (Instant) value);
            case BLOB -> json.writeBinary(((SdkBytes) value).asByteArrayUnsafe());
            case STRUCTURE -> write(json, (SdkPojo) value);
            case LIST -> writeList(json, member.element(), (List<?>) value);
            case MAP -> writeMap(json, member.element(), (Map<?, ?>) value);
            case DOCUMENT -> Documents.write(json, (Document) value);
        }
    }

    private void writeList(JsonGenerator json, Member element, List<?> values) {
        json.writeStartArray();
        for (Object value : values) {
            writeNullable(json, element, value);
        }
        json.writeEndArray();
    }

    private void writeMap(JsonGenerator json, Member element, Map<?, ?> values) {
        json.writeStartObject();
        values.forEach((key, value) -> {
            json.writeName((String) key);
            writeNullable(json, element, value);
        });
        json.writeEndObject();
    }

    private void writeNullable(JsonGenerator json, Member element, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else {
            writeValue(json, element, value);
        }
    }

    /// Reads one object; the parser stands on its first token.
    ///
    /// @throws ShapeMismatch when the JSON does not fit the shape
    public SdkPojo read(JsonParser json, Shape shape) {
        SdkPojo builder = shape.newBuilder();
        readInto(json, shape, builder);
        return Shape.build(builder);
    }

    /// As [#read], into a builder that may already hold members from elsewhere (path, headers).
    public void readInto(JsonParser json, Shape shape, SdkPojo builder) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw ShapeMismatch.unexpected(json.currentToken(), "structure");
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            Member member = dialect.member(shape, name);
            if (member == null) {
                json.skipChildren();
            } else if (json.currentToken() != JsonToken.VALUE_NULL) {
                member.set(builder, readValue(json, member));
            }
        }
    }

    public @Nullable Object readValue(JsonParser json, Member member) {
        return switch (member.kind()) {
            case LIST -> readList(json, member.element());
            case MAP -> readMap(json, member.element());
            case STRUCTURE -> read(json, member.shape());
            case DOCUMENT -> Documents.read(json);
            default -> Scalars.read(json, member);
        };
    }

    private List<@Nullable Object> readList(JsonParser json, Member element) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new ShapeMismatch("Expected list or null");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            values.add(token == JsonToken.VALUE_NULL ? null : readValue(json, element));
        }
        return values;
    }

    private Map<String, @Nullable Object> readMap(JsonParser json, Member element) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new ShapeMismatch("Expected map or null");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            values.put(name, json.nextToken() == JsonToken.VALUE_NULL ? null : readValue(json, element));
        }
        return values;
    }

    /// Seconds since the epoch with at most three decimals, as the JSON protocols write time.
    public static void epochSeconds(JsonGenerator json, Instant value) {
        long millis = value.toEpochMilli();
        if (millis % 1000 == 0) {
            json.writeNumber(millis / 1000);
        } else {
            json.writeNumber(BigDecimal.valueOf(millis, 3).setScale(3, RoundingMode.UNNECESSARY));
        }
    }
}
