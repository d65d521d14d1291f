package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Member;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import software.amazon.awssdk.core.SdkBytes;

/// Single values as text, for XML, headers and paths.
final class Texts {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US).withZone(ZoneOffset.UTC);

    private Texts() {}

    static String iso(Instant value) {
        return value.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /// As S3 and EC2 write it: three decimals, also when they are zero.
    static String isoMillis(Instant value) {
        return MILLIS.format(value);
    }

    static String httpDate(Instant value) {
        return HTTP_DATE.format(value);
    }

    /// @param format of timestamps when the model names none
    static String of(Member member, Object value, Member.TimestampFormat format) {
        return switch (member.kind()) {
            case TIMESTAMP -> timestamp((Instant) value, member.timestampFormat().orElse(format));
            case BLOB -> Base64.getEncoder().encodeToString(((SdkBytes) value).asByteArrayUnsafe());
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case DOUBLE, FLOAT -> number(((Number) value).doubleValue(), value);
            case STRING, BOOLEAN, BYTE, SHORT, INTEGER, LONG -> value.toString();
            case STRUCTURE, LIST, MAP, DOCUMENT -> throw new IllegalArgumentException("a " + member.kind() + " is not a single value: "
                    + member.name());
        };
    }

    private static String timestamp(Instant value, Member.TimestampFormat format) {
        return switch (format) {
            case ISO_8601 -> iso(value);
            case RFC_822 -> httpDate(value);
            case EPOCH_SECONDS -> Long.toString(value.getEpochSecond());
            case EPOCH_MILLIS -> Long.toString(value.toEpochMilli());
        };
    }

    private static String number(double number, Object value) {
        return number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString((long) number) + ".0" : value.toString();
    }
}
