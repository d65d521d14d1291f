package dev.viridian.aws.shapes;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.traits.JsonValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/// One member of a [Shape], or the element type of a list or map.
///
/// The SDK's enums travel as their wire strings. A list nobody set is absent, not empty: the SDK tells the two apart (`SdkAutoConstructList`) and so
/// does [#get].
public final class Member {
    /// Where in a REST request or answer the member travels.
    public enum Location { PAYLOAD, QUERY, HEADER, PATH, STATUS }

    /// How a timestamp is written, when the model says so.
    public enum TimestampFormat { EPOCH_SECONDS, EPOCH_MILLIS, ISO_8601, RFC_822 }

    private final SdkField<?> field;
    private final Kind kind;
    private final boolean generated;
    private final @Nullable ListTrait list;
    private final @Nullable MapTrait map;
    private final @Nullable Member element;
    private volatile @Nullable Shape shape;

    Member(SdkField<?> field) {
        this.field = field;
        this.kind = kind(field);
        this.generated = field.containsTrait(DefaultValueTrait.class);
        this.list = kind == Kind.LIST ? field.getTrait(ListTrait.class) : null;
        this.map = kind == Kind.MAP ? field.getTrait(MapTrait.class) : null;
        this.element = list != null ? new Member(list.memberFieldInfo()) : map != null ? new Member(map.valueFieldInfo()) : null;
    }

    /// The name in the API model, e.g. `clusterName`.
    public String name() {
        return field.memberName() == null ? field.locationName() : field.memberName();
    }

    /// The name in the request's payload, header or query string.
    public String wireName() {
        return field.locationName();
    }

    /// The name in an answer; differs from [#wireName] only in the ec2 protocol.
    public String answerName() {
        return field.unmarshallLocationName() == null ? field.locationName() : field.unmarshallLocationName();
    }

    public Kind kind() {
        return kind;
    }

    public Location location() {
        MarshallLocation location = field.location();
        if (location == null) {
            return Location.PAYLOAD;
        }
        return switch (location) {
            case PAYLOAD -> Location.PAYLOAD;
            case QUERY_PARAM -> Location.QUERY;
            case HEADER -> Location.HEADER;
            case PATH, GREEDY_PATH -> Location.PATH;
            case STATUS_CODE -> Location.STATUS;
        };
    }

    /// True when this member is the whole body.
    public boolean isPayload() {
        return field.containsTrait(PayloadTrait.class);
    }

    /// True when the text is JSON that travels Base64-encoded in a header.
    public boolean isJsonValue() {
        return field.containsTrait(JsonValueTrait.class);
    }

    /// True when the member is an attribute of its parent's XML element.
    public boolean isXmlAttribute() {
        return field.containsTrait(XmlAttributeTrait.class);
    }

    /// Fixed attributes of the member's own XML element, read from `value`: S3's `xsi:type` of a grantee.
    public Map<String, String> xmlAttributes(SdkPojo value) {
        XmlAttributesTrait trait = field.getTrait(XmlAttributesTrait.class);
        if (trait == null) {
            return Map.of();
        }
        Map<String, String> found = new java.util.LinkedHashMap<>();
        trait.attributes().forEach((name, accessors) -> {
            String text = accessors.attributeGetter().apply(value);
            if (text != null) {
                found.put(name, text);
            }
        });
        return found;
    }

    public Optional<TimestampFormat> timestampFormat() {
        TimestampFormatTrait trait = field.getTrait(TimestampFormatTrait.class);
        if (trait == null) {
            return Optional.empty();
        }
        return Optional.of(switch (trait.format()) {
            case ISO_8601 -> TimestampFormat.ISO_8601;
            case RFC_822 -> TimestampFormat.RFC_822;
            case UNIX_TIMESTAMP -> TimestampFormat.EPOCH_SECONDS;
            case UNIX_TIMESTAMP_MILLIS -> TimestampFormat.EPOCH_MILLIS;
        });
    }

    /// What a list or map is made of.
    public Member element() {
        if (element == null) {
            throw new IllegalStateException(name() + " is a " + kind + ", which has no elements");
        }
        return element;
    }

    /// True when a list's or map's elements stand beside each other without an element around them (XML, query).
    public boolean isFlattened() {
        return list != null && list.isFlattened() || map != null && map.isFlattened();
    }

    /// What one element of a list is called, where the model gives it another name than `member`.
    public Optional<String> elementName() {
        return Optional.ofNullable(list).map(ListTrait::memberLocationName);
    }

    public String keyName() {
        return map == null || map.keyLocationName() == null ? "key" : map.keyLocationName();
    }

    public String valueName() {
        return map == null || map.valueLocationName() == null ? "value" : map.valueLocationName();
    }

    /// The shape of a structure; resolved late, since shapes may contain themselves.
    public Shape shape() {
        Shape known = shape;
        if (known == null) {
            known = Shape.of(field.constructor().get());
            shape = known;
        }
        return known;
    }

    /// The value in `owner`, a model object or builder; null when absent.
    public @Nullable Object get(SdkPojo owner) {
        Object value = generated && owner instanceof SdkRequest request
                ? request.getValueForField(name(), Object.class).orElse(null) // the field itself would invent an idempotency token
                : field.getValueOrDefault(owner);
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    public void set(SdkPojo builder, @Nullable Object value) {
        field.set(builder, value);
    }

    private static Kind kind(SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> Kind.STRING;
            case BOOLEAN -> Kind.BOOLEAN;
            case BYTE -> Kind.BYTE;
            case SHORT -> Kind.SHORT;
            case INTEGER -> Kind.INTEGER;
            case LONG -> Kind.LONG;
            case FLOAT -> Kind.FLOAT;
            case DOUBLE -> Kind.DOUBLE;
            case BIG_DECIMAL -> Kind.DECIMAL;
            case INSTANT -> Kind.TIMESTAMP;
            case SDK_BYTES -> Kind.BLOB;
            case SDK_POJO -> Kind.STRUCTURE;
            case LIST -> Kind.LIST;
            case MAP -> Kind.MAP;
            case DOCUMENT -> Kind.DOCUMENT;
            case NULL -> throw new IllegalArgumentException("a member without a type: " + field.memberName());
        };
    }

    /// The Java class of the values, as [#get] gives and [#set] takes them.
    public Class<?> valueClass() {
        return switch (kind) {
            case STRING -> String.class;
            case BOOLEAN -> Boolean.class;
            case BYTE -> Byte.class;
            case SHORT -> Short.class;
            case INTEGER -> Integer.class;
            case LONG -> Long.class;
            case FLOAT -> Float.class;
            case DOUBLE -> Double.class;
            case DECIMAL -> java.math.BigDecimal.class;
            case TIMESTAMP -> Instant.class;
            case BLOB -> SdkBytes.class;
            case STRUCTURE -> SdkPojo.class;
            case LIST -> List.class;
            case MAP -> Map.class;
            case DOCUMENT -> Document.class;
        };
    }
}
