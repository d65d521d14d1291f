package dev.viridian.aws.shapes;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.Version;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.ser.Serializers;

/// Lets Jackson store records that hold objects of the AWS SDK: every structure, `SdkBytes` and `Document`.
public final class ShapesModule extends JacksonModule {

    @Override
    public String getModuleName() {
        return "viridian-shapes";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.addSerializers(new ShapeSerializers());
        context.addDeserializers(new ShapeDeserializers());
    }

    private static final class ShapeSerializers extends Serializers.Base {
        @Override
        public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type, BeanDescription.Supplier bean,
                JsonFormat.@Nullable Value format) {
            if (type.isTypeOrSubTypeOf(SdkPojo.class)) {
                return new Structures();
            }
            if (type.hasRawClass(SdkBytes.class)) {
                return new Blobs();
            }
            return type.isTypeOrSubTypeOf(Document.class) ? new FreeForm() : null;
        }
    }

    private static final class ShapeDeserializers extends Deserializers.Base {
        @Override
        public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
            return SdkPojo.class.isAssignableFrom(type) || type == SdkBytes.class || type == Document.class;
        }

        @Override
        public @Nullable ValueDeserializer<?> findBeanDeserializer(JavaType type, DeserializationConfig config, BeanDescription.Supplier bean) {
            if (type.isTypeOrSubTypeOf(SdkPojo.class)) {
                return new StructureReader(type.getRawClass());
            }
            if (type.hasRawClass(SdkBytes.class)) {
                return new BlobReader();
            }
            return type.hasRawClass(Document.class) ? new FreeFormReader() : null;
        }
    }

    private static final class Structures extends ValueSerializer<SdkPojo> {
        @Override
        public void serialize(SdkPojo value, JsonGenerator json, SerializationContext context) {
            ShapeJson.STORED.write(json, value);
        }
    }

    private static final class Blobs extends ValueSerializer<SdkBytes> {
        @Override
        public void serialize(SdkBytes value, JsonGenerator json, SerializationContext context) {
            json.writeBinary(value.asByteArrayUnsafe());
        }
    }

    private static final class FreeForm extends ValueSerializer<Document> {
        @Override
        public void serialize(Document value, JsonGenerator json, SerializationContext context) {
            Documents.write(json, value);
        }
    }

    private static final class StructureReader extends ValueDeserializer<SdkPojo> {
        private final Class<?> type;

        StructureReader(Class<?> type) {
            this.type = type;
        }

        @Override
        public SdkPojo deserialize(JsonParser json, DeserializationContext context) {
            return ShapeJson.STORED.read(json, Shape.of(type));
        }
    }

    private static final class BlobReader extends ValueDeserializer<SdkBytes> {
        @Override
        public SdkBytes deserialize(JsonParser json, DeserializationContext context) {
            return SdkBytes.fromByteArrayUnsafe(json.getBinaryValue());
        }
    }

    private static final class FreeFormReader extends ValueDeserializer<Document> {
        @Override
        public Document deserialize(JsonParser json, DeserializationContext context) {
            return Documents.read(json);
        }
    }
}
