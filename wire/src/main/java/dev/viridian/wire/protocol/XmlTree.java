package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.Scalars;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.aws.shapes.ShapeMismatch;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import software.amazon.awssdk.core.SdkPojo;

/// A request's XML, read as shapes. Document types and external entities are refused.
final class XmlTree {
    /// Source: S3's MalformedXML.
    private static final String NOT_WELL_FORMED = "The XML you provided was not well-formed or did not validate against our published schema";
    private static final int DEPTH_LIMIT = 64;
    private static final XMLInputFactory READERS = readers();

    /// An element, with its namespace left aside.
    record Element(String name, Map<String, String> attributes, List<Element> children, StringBuilder text) {
        List<Element> all(String childName) {
            return children.stream().filter(child -> child.name().equals(childName)).toList();
        }

        Optional<Element> first(String childName) {
            return children.stream().filter(child -> child.name().equals(childName)).findFirst();
        }
    }

    private XmlTree() {}

    /// @throws ShapeMismatch when it is not XML
    static Element parse(byte[] body) {
        try {
            XMLStreamReader xml = READERS.createXMLStreamReader(new StringReader(text(body)));
            while (xml.next() != XMLStreamConstants.START_ELEMENT) {
                if (xml.getEventType() == XMLStreamConstants.DTD) {
                    throw new ShapeMismatch(NOT_WELL_FORMED);
                }
            }
            return element(xml, 0);
        } catch (XMLStreamException | NoSuchElementException e) {
            throw new ShapeMismatch(NOT_WELL_FORMED);
        }
    }

    /// Decoded before the parser sees it: the parser reports wrong bytes on standard error.
    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw new ShapeMismatch(NOT_WELL_FORMED);
        }
    }

    static SdkPojo structure(Element element, Shape shape) {
        SdkPojo builder = shape.newBuilder();
        readInto(element, shape, builder);
        return Shape.build(builder);
    }

    static void readInto(Element element, Shape shape, SdkPojo builder) {
        for (Member member : shape.members()) {
            if (member.isXmlAttribute()) {
                Optional.ofNullable(element.attributes().get(member.wireName())).ifPresent(text -> member.set(builder, text));
            } else if (member.location() == Member.Location.PAYLOAD) {
                value(element, member).ifPresent(value -> member.set(builder, value));
            }
        }
    }

    private static Optional<Object> value(Element parent, Member member) {
        return switch (member.kind()) {
            case LIST -> list(parent, member);
            case MAP -> map(parent, member);
            default -> parent.first(member.wireName()).map(element -> single(element, member));
        };
    }

    private static Object single(Element element, Member member) {
        return switch (member.kind()) {
            case STRUCTURE -> structure(element, member.shape());
            case LIST -> element.children().stream().map(child -> single(child, member.element())).toList();
            case MAP -> entries(element.children(), member);
            default -> Scalars.parse(member, element.text().toString());
        };
    }

    private static Optional<Object> list(Element parent, Member member) {
        List<Element> items;
        if (member.isFlattened()) {
            items = parent.all(member.wireName());
            if (items.isEmpty()) {
                return Optional.empty();
            }
        } else {
            Optional<Element> around = parent.first(member.wireName());
            if (around.isEmpty()) {
                return Optional.empty();
            }
            items = around.get().children();
        }
        List<Object> values = new ArrayList<>();
        items.forEach(item -> values.add(single(item, member.element())));
        return Optional.of(values);
    }

    private static Optional<Object> map(Element parent, Member member) {
        List<Element> entries = member.isFlattened() ? parent.all(member.wireName()) : parent.first(member.wireName()).map(Element::children)
                .orElse(List.of());
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries(entries, member));
    }

    private static Map<String, Object> entries(List<Element> entries, Member member) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Element entry : entries) {
            String key = entry.first(member.keyName()).map(element -> element.text().toString())
                    .orElseThrow(() -> new ShapeMismatch("an entry without a key"));
            entry.first(member.valueName()).ifPresent(element -> values.put(key, single(element, member.element())));
        }
        return values;
    }

    private static Element element(XMLStreamReader xml, int depth) throws XMLStreamException {
        if (depth > DEPTH_LIMIT) {
            throw new ShapeMismatch("The XML is nested too deeply");
        }
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String prefix = xml.getAttributePrefix(i);
            attributes.put(prefix == null || prefix.isEmpty() ? xml.getAttributeLocalName(i) : prefix + ":" + xml.getAttributeLocalName(i),
                    xml.getAttributeValue(i));
        }
        Element element = new Element(xml.getLocalName(), attributes, new ArrayList<>(), new StringBuilder());
        for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                element.children().add(element(xml, depth + 1));
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                element.text().append(xml.getText());
            }
        }
        return element;
    }

    private static XMLInputFactory readers() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
