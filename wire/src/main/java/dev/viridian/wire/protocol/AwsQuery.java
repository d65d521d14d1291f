package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.OperationIndex.Meta;
import dev.viridian.aws.shapes.OperationIndex.Operation;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/// The query protocols: a form with `Action` and `Version` in, XML out. EC2 has a dialect of its own.
public final class AwsQuery implements Protocol {
    private static final String CONTENT_TYPE = "text/xml";

    private final boolean ec2;
    private final @Nullable String namespace;
    private final XmlShapes shapes;

    public AwsQuery(Meta meta) {
        this.ec2 = meta.protocols().contains("ec2");
        this.namespace = meta.xmlNamespace() != null ? meta.xmlNamespace() : ec2 ? "http://ec2.amazonaws.com/doc/" + meta.apiVersion() + "/" : null;
        this.shapes = new XmlShapes(ec2);
    }

    @Override
    public SdkPojo read(Input input) {
        return FormTree.of(input.form()).structure(input.shape());
    }

    @Override
    public Answer write(Operation operation, SdkPojo output, String requestId) {
        Xml xml = new Xml().open(operation.name() + "Response");
        namespace(xml);
        if (ec2) {
            xml.element("requestId", requestId);
            shapes.members(xml, output);
        } else {
            result(xml, operation, output);
            xml.open("ResponseMetadata").element("RequestId", requestId).close();
        }
        return Answer.of(200, ec2 ? "text/xml;charset=UTF-8" : CONTENT_TYPE, xml.close().bytes()).with("x-amzn-RequestId", requestId);
    }

    private void result(Xml xml, Operation operation, SdkPojo output) {
        if (operation.wrapper() != null) {
            xml.open(operation.wrapper());
            shapes.members(xml, output);
            xml.close();
        } else if (operation.output() != null) {
            shapes.members(xml, output);
        }
    }

    @Override
    public Answer error(Failure failure, String requestId, String resource) {
        Xml xml = ec2 ? ec2Error(failure, requestId) : error(failure, requestId);
        return Answer.of(failure.status(), ec2 ? "text/xml;charset=UTF-8" : CONTENT_TYPE, xml.bytes()).with("x-amzn-RequestId", requestId);
    }

    private Xml error(Failure failure, String requestId) {
        Xml xml = new Xml().open("ErrorResponse");
        namespace(xml);
        xml.open("Error").element("Type", failure.fault() ? "Receiver" : "Sender").element("Code", failure.code())
                .element("Message", failure.message());
        failure.members().ifPresent(members -> shapes.members(xml, members));
        return xml.close().element("RequestId", requestId).close();
    }

    private static Xml ec2Error(Failure failure, String requestId) {
        return new Xml().open("Response").open("Errors").open("Error").element("Code", failure.code()).element("Message", failure.message())
                .close().close().element("RequestID", requestId).close();
    }

    @Override
    public AuthStyle authStyle() {
        return ec2 ? AuthStyle.EC2 : AuthStyle.QUERY;
    }

    private void namespace(Xml xml) {
        if (namespace != null) {
            xml.attribute("xmlns", namespace);
        }
    }
}
