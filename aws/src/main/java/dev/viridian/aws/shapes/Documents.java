package dev.viridian.aws.shapes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Free-form JSON inside a model object.
final class Documents {
    private Documents() {}

    static void write(JsonGenerator json, Document document) {
        if (document.isNull()) {
            json.writeNull();
        } else if (document.isBoolean()) {
            json.writeBoolean(document.asBoolean());
        } else if (document.isNumber()) {
            json.writeNumber(document.asNumber().bigDecimalValue());
        } else if (document.isString()) {
            json.writeString(document.asString());
        } else if (document.isList()) {
            json.writeStartArray();
            document.asList().forEach(element -> write(json, element));
            json.writeEndArray();
        } else {
            json.writeStartObject();
            document.asMap().forEach((name, value) -> {
                json.writeName(name);
                write(json, value);
            });
            json.writeEndObject();
        }
    }

    static Document read(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_NULL -> Document.fromNull();
            case VALUE_TRUE -> Document.fromBoolean(true);
            case VALUE_FALSE -> Document.fromBoolean(false);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Document.fromNumber(json.getDecimalValue());
            case VALUE_STRING -> Document.fromString(json.getString());
            case START_ARRAY -> list(json);
            case START_OBJECT -> map(json);
            default -> throw ShapeMismatch.unexpected(json.currentToken(), "Document");
        };
    }

    private static Document list(JsonParser json) {
        List<Document> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(read(json));
        }
        return Document.fromList(elements);
    }

    private static Document map(JsonParser json) {
        Map<String, Document> members = new LinkedHashMap<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            members.put(name, read(json));
        }
        return Document.fromMap(members);
    }
}
