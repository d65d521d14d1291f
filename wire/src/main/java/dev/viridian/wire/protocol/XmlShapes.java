package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Kind;
import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.Shape;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;

/// Model objects as XML, for the query protocols and REST-XML.
final class XmlShapes {
    private final boolean millis;

    /// @param millis whether whole seconds are written with `.000`
    XmlShapes(boolean millis) {
        this.millis = millis;
    }

    /// The members that travel in the payload, inside an element that is already open.
    void members(Xml xml, SdkPojo owner) {
        for (Member member : Shape.of(owner.getClass()).members()) {
            if (member.location() == Member.Location.PAYLOAD && !member.isXmlAttribute()) {
                Object value = member.get(owner);
                if (value != null) {
                    value(xml, member, member.answerName(), value);
                }
            }
        }
    }

    void value(Xml xml, Member member, String name, Object value) {
        switch (member.kind()) {
            case STRUCTURE -> structure(xml, member, name, (SdkPojo) value);
            case LIST -> list(xml, member, name, (List<?>) value);
            case MAP -> map(xml, member, name, (Map<?, ?>) value);
            default -> xml.element(name, text(member, value));
        }
    }

    private void structure(Xml xml, Member member, String name, SdkPojo value) {
        xml.open(name);
        member.xmlAttributes(value).forEach(xml::attribute);
        members(xml, value);
        xml.close();
    }

    private void list(Xml xml, Member member, String name, List<?> values) {
        Member element = member.element();
        if (member.isFlattened()) {
            String each = member.elementName().filter(own -> !own.equals("member")).orElse(name);
            values.forEach(value -> value(xml, element, each, value));
            return;
        }
        xml.open(name);
        values.forEach(value -> value(xml, element, member.elementName().orElse("member"), value));
        xml.close();
    }

    private void map(Xml xml, Member member, String name, Map<?, ?> values) {
        if (!member.isFlattened()) {
            xml.open(name);
        }
        values.forEach((key, value) -> {
            xml.open(member.isFlattened() ? name : "entry").element(member.keyName(), (String) key);
            value(xml, member.element(), member.valueName(), value);
            xml.close();
        });
        if (!member.isFlattened()) {
            xml.close();
        }
    }

    private String text(Member member, Object value) {
        if (millis && member.kind() == Kind.TIMESTAMP && member.timestampFormat()
                .orElse(Member.TimestampFormat.ISO_8601) == Member.TimestampFormat.ISO_8601) {
            return Texts.isoMillis((Instant) value);
        }
        return Texts.of(member, value, Member.TimestampFormat.ISO_8601);
    }
}
