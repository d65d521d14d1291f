package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Kind;
import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.OperationIndex.Meta;
import dev.viridian.aws.shapes.OperationIndex.Operation;
import dev.viridian.aws.shapes.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;

/// REST with XML bodies, as S3 and Route 53 speak it, with S3's habits: an error stands alone without `ErrorResponse` around it, and the root
/// elements of its answers have historic names.
public final class RestXml implements Protocol {
    private static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// The roots the S3 API reference shows, where they are not the shape's name. SDKs do not look at them; other readers do.
    private static final Map<String, String> S3_ROOTS = Map.ofEntries(
            Map.entry("ListBuckets", "ListAllMyBucketsResult"), Map.entry("ListObjects", "ListBucketResult"),
                    Map.entry("ListObjectsV2", "ListBucketResult"),
            Map.entry("ListObjectVersions", "ListVersionsResult"), Map.entry("ListParts", "ListPartsResult"),
            Map.entry("ListMultipartUploads", "ListMultipartUploadsResult"), Map.entry("CreateMultipartUpload", "InitiateMultipartUploadResult"),
            Map.entry("CompleteMultipartUpload", "CompleteMultipartUploadResult"), Map.entry("DeleteObjects", "DeleteResult"),
            Map.entry("GetBucketVersioning", "VersioningConfiguration"), Map.entry("GetBucketTagging", "Tagging"),
                    Map.entry("GetObjectTagging", "Tagging"),
            Map.entry("GetBucketAcl", "AccessControlPolicy"), Map.entry("GetObjectAcl", "AccessControlPolicy"),
                    Map.entry("GetBucketCors", "CORSConfiguration"),
            Map.entry("GetBucketLifecycleConfiguration", "LifecycleConfiguration"), Map.entry("GetBucketLogging", "BucketLoggingStatus"),
            Map.entry("GetBucketWebsite", "WebsiteConfiguration"), Map.entry("GetBucketNotificationConfiguration", "NotificationConfiguration"),
            Map.entry("GetBucketRequestPayment", "RequestPaymentConfiguration"),
                    Map.entry("GetBucketAccelerateConfiguration", "AccelerateConfiguration"),
            Map.entry("GetObjectAttributes", "GetObjectAttributesResponse"));

    private final boolean s3;
    private final @Nullable String namespace;
    private final XmlShapes shapes = new XmlShapes(true);

    public RestXml(Meta meta) {
        this.s3 = meta.artifact().equals("s3");
        this.namespace = s3 ? S3_NAMESPACE : meta.xmlNamespace();
    }

    @Override
    public SdkPojo read(Input input) {
        SdkPojo builder = input.shape().newBuilder();
        RestBinding.read(input, builder);
        if (input.body().length > 0) {
            Optional<Member> payload = input.shape().payload();
            if (payload.isPresent()) {
                payload.get().set(builder, payload(payload.get(), input.body()));
            } else if (input.shape().members().stream().anyMatch(member -> member.location() == Member.Location.PAYLOAD)) {
                XmlTree.readInto(XmlTree.parse(input.body()), input.shape(), builder);
            }
        }
        return Shape.build(builder);
    }

    private static Object payload(Member member, byte[] body) {
        return switch (member.kind()) {
            case BLOB -> SdkBytes.fromByteArray(body);
            case STRING -> new String(body, StandardCharsets.UTF_8);
            default -> XmlTree.structure(XmlTree.parse(body), member.shape());
        };
    }

    @Override
    public Answer write(Operation operation, SdkPojo output, String requestId) {
        int status = RestBinding.status(output).orElse(operation.status());
        byte[] body = status == 204 ? new byte[0] : body(operation, output);
        Answer answer = body.length == 0 ? Answer.empty(status) : Answer.of(status, "application/xml", body);
        RestBinding.write(output, ids(answer, requestId));
        return answer;
    }

    private byte[] body(Operation operation, SdkPojo output) {
        Shape shape = Shape.of(output.getClass());
        if (operation.name().equals("GetBucketLocation")) {
            return location(shape, output);
        }
        Optional<Member> payload = shape.payload();
        if (payload.isPresent()) {
            Object value = payload.get().get(output);
            return value == null ? new byte[0] : payload(payload.get(), value);
        }
        if (shape.members().stream().noneMatch(member -> member.location() == Member.Location.PAYLOAD)) {
            return new byte[0];
        }
        Xml xml = root(S3_ROOTS.getOrDefault(operation.name(), operation.name() + "Result"));
        shapes.members(xml, output);
        return xml.close().bytes();
    }

    private byte[] payload(Member member, Object value) {
        if (member.kind() == Kind.BLOB) {
            return ((SdkBytes) value).asByteArray();
        }
        if (member.kind() == Kind.STRING) {
            return ((String) value).getBytes(StandardCharsets.UTF_8);
        }
        Xml xml = root(member.wireName());
        shapes.members(xml, (SdkPojo) value);
        return xml.close().bytes();
    }

    /// S3 writes the region as the text of the root element, and nothing for us-east-1.
    private byte[] location(Shape shape, SdkPojo output) {
        Object region = shape.member("LocationConstraint").map(member -> member.get(output)).orElse(null);
        Xml xml = root("LocationConstraint");
        return (region == null ? xml : xml.text(region.toString())).close().bytes();
    }

    private Xml root(String name) {
        Xml xml = new Xml().open(name);
        return namespace == null ? xml : xml.attribute("xmlns", namespace);
    }

    @Override
    public Answer error(Failure failure, String requestId, String resource) {
        if (failure.status() == 304) {
            return ids(Answer.empty(304), requestId);
        }
        Xml xml = new Xml();
        if (s3) {
            xml.open("Error").element("Code", failure.code()).element("Message", failure.message());
            failure.members().ifPresent(members -> shapes.members(xml, members));
            xml.element("Resource", resource).element("RequestId", requestId).element("HostId", hostId(requestId)).close();
        } else {
            xml.open("ErrorResponse").open("Error").element("Type", failure.fault() ? "Receiver" : "Sender").element("Code", failure.code())
                    .element("Message", failure.message()).close().element("RequestId", requestId).close();
        }
        return ids(Answer.of(failure.status(), "application/xml", xml.bytes()), requestId);
    }

    @Override
    public AuthStyle authStyle() {
        return s3 ? AuthStyle.S3 : AuthStyle.QUERY;
    }

    private Answer ids(Answer answer, String requestId) {
        return s3 ? answer.with("x-amz-request-id", requestId).with("x-amz-id-2", hostId(requestId)) : answer.with("x-amzn-RequestId", requestId);
    }

    private static String hostId(String requestId) {
        return java.util.Base64.getEncoder().encodeToString(requestId.getBytes(StandardCharsets.UTF_8));
    }
}
