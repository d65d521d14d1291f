package dev.viridian.aws.shapes;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import software.amazon.awssdk.core.SdkBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Single values, from JSON tokens and from the texts that headers, query strings, forms and XML carry.
public final class Scalars {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    private Scalars() {}

    static Object read(JsonParser json, Member member) {
        JsonToken token = json.currentToken();
        try {
            return switch (member.kind()) {
                case STRING -> token == JsonToken.VALUE_STRING ? json.getString() : refuse(token, "String");
                case BOOLEAN -> token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
                        ? (Object) (token == JsonToken.VALUE_TRUE) : refuse(token, "Boolean");
                case BYTE -> isWhole(json, "Byte") ? (Object) json.getByteValue() : refuse(token, "Byte");
                case SHORT -> isWhole(json, "Short") ? (Object) json.getShortValue() : refuse(token, "Short");
                case INTEGER -> isWhole(json, "Integer") ? (Object) json.getIntValue() : refuse(token, "Integer");
                case LONG -> isWhole(json, "Long") ? (Object) json.getLongValue() : refuse(token, "Long");
                case FLOAT -> (float) decimal(json, "Float");
                case DOUBLE -> decimal(json, "Double");
                case DECIMAL -> new BigDecimal(json.getString());
                case TIMESTAMP -> timestamp(json);
                case BLOB -> blob(json);
                case STRUCTURE, LIST, MAP, DOCUMENT -> throw new IllegalArgumentException(member.kind() + " is not a scalar");
            };
        } catch (JacksonException e) {
            throw new ShapeMismatch(member.name() + ": " + e.getOriginalMessage());
        }
    }

    /// From text, as headers, query strings, forms and XML carry values.
    ///
    /// @throws ShapeMismatch when the text is not one
    public static Object parse(Member member, String text) {
        try {
            return switch (member.kind()) {
                case STRING -> text;
                case BOOLEAN -> bool(text);
                case BYTE -> Byte.valueOf(text.strip());
                case SHORT -> Short.valueOf(text.strip());
                case INTEGER -> Integer.valueOf(text.strip());
                case LONG -> Long.valueOf(text.strip());
                case FLOAT -> Float.valueOf(text.strip());
                case DOUBLE -> Double.valueOf(text.strip());
                case DECIMAL -> new BigDecimal(text.strip());
                case TIMESTAMP -> instant(text.strip());
                case BLOB -> SdkBytes.fromByteArrayUnsafe(Base64.getMimeDecoder().decode(text));
                case STRUCTURE, LIST, MAP, DOCUMENT -> throw new ShapeMismatch("a " + member.kind() + " cannot be read from text: " + member.name());
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new ShapeMismatch("'" + text + "' is not a valid value for " + member.name() + " (" + member.kind() + ")");
        }
    }

    /// ISO 8601 in UTC or with an offset, an HTTP date, or seconds since the epoch.
    public static Instant instant(String text) {
        if (text.indexOf('T') > 0 && Character.isDigit(text.charAt(0))) {
            return text.endsWith("Z") ? Instant.parse(text) : withOffset(text);
        }
        if (text.indexOf(',') > 0) {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        }
        return text.matches("\\d{4}-\\d{2}-\\d{2}") ? Instant.parse(text + "T00:00:00Z") : ofEpochSeconds(new BigDecimal(text));
    }

    private static Instant withOffset(String text) {
        boolean hasOffset = text.matches(".*[+-]\\d{2}:?\\d{2}$");
        return hasOffset
                ? OffsetDateTime.parse(text.matches(".*[+-]\\d{4}$") ? text.substring(0, text.length() - 2) + ":" + text.substring(text.length() - 2)
                        : text).toInstant()
                : Instant.parse(text + "Z");
    }

    private static Instant ofEpochSeconds(BigDecimal seconds) {
        long nanos = seconds.multiply(NANOS).longValue();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    private static Instant timestamp(JsonParser json) {
        try {
            return switch (json.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ofEpochSeconds(json.getDecimalValue());
                case VALUE_STRING -> instant(json.getString());
                default -> throw ShapeMismatch.unexpected(json.currentToken(), "Timestamp");
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new ShapeMismatch("'" + json.getString() + "' is not a timestamp");
        }
    }

    private static SdkBytes blob(JsonParser json) {
        if (json.currentToken() != JsonToken.VALUE_STRING && json.currentToken() != JsonToken.VALUE_EMBEDDED_OBJECT) {
            throw ShapeMismatch.unexpected(json.currentToken(), "Blob");
        }
        return SdkBytes.fromByteArrayUnsafe(json.getBinaryValue());
    }

    private static double decimal(JsonParser json, String wanted) {
        return switch (json.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_STRING -> special(json.getString());
            default -> throw ShapeMismatch.unexpected(json.currentToken(), wanted);
        };
    }

    /// JSON has no such numbers; AWS writes them as text.
    private static double special(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new ShapeMismatch("STRING_VALUE can not be converted to a Double");
        };
    }

    private static boolean isWhole(JsonParser json, String wanted) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT && json.getDoubleValue() == Math.rint(json.getDoubleValue())) {
            return true;
        }
        if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            throw ShapeMismatch.unexpected(json.currentToken(), wanted);
        }
        return json.currentToken() == JsonToken.VALUE_NUMBER_INT;
    }

    private static boolean bool(String text) {
        return switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object refuse(JsonToken found, String wanted) {
        throw ShapeMismatch.unexpected(found, wanted);
    }
}
