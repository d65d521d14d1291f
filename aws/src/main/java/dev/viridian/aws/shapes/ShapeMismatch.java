package dev.viridian.aws.shapes;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// The input does not fit the shape it was meant for. The message is what AWS's front ends say in a SerializationException.
public final class ShapeMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ShapeMismatch(String message) {
        super(message);
    }

    static ShapeMismatch unexpected(@Nullable JsonToken found, String expected) {
        if (found == JsonToken.START_OBJECT) {
            return new ShapeMismatch("Start of structure or map found where not expected.");
        }
        if (found == JsonToken.START_ARRAY) {
            return new ShapeMismatch("Start of list found where not expected");
        }
        return new ShapeMismatch(word(found) + " can not be converted to " + article(expected) + expected);
    }

    private static String word(@Nullable JsonToken found) {
        return switch (found) {
            case VALUE_STRING -> "STRING_VALUE";
            case VALUE_NUMBER_INT -> "NUMBER_VALUE";
            case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE";
            case VALUE_TRUE -> "TRUE_VALUE";
            case VALUE_FALSE -> "FALSE_VALUE";
            case null -> "END_OF_INPUT";
            default -> found.name();
        };
    }

    private static String article(String noun) {
        return "AEIOU".indexOf(Character.toUpperCase(noun.charAt(0))) >= 0 ? "an " : "a ";
    }
}
