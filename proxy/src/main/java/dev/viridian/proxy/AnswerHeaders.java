package dev.viridian.proxy;

import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.routing.HeaderEdits;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The headers a listener sets on every answer, made ready once.
final class AnswerHeaders {
    private final List<HeaderEdits.Field> fields;
    private final byte[][] names;
    private final byte[] lines;

    private AnswerHeaders(List<HeaderEdits.Field> fields) {
        this.fields = fields;
        this.names = fields.stream().map(field -> Ascii.bytes(field.name().toLowerCase(Locale.ROOT))).toArray(byte[][]::new);
        this.lines = Ascii.bytes(fields.stream().map(field -> field.name() + ": " + field.value() + "\r\n").collect(Collectors.joining()));
    }

    static @Nullable AnswerHeaders of(HeaderEdits edits) {
        return edits.answers().isEmpty() ? null : new AnswerHeaders(edits.answers());
    }

    /// Whether this is set here and must not come from the target.
    boolean replace(Fields head, int field) {
        for (byte[] name : names) {
            if (head.nameIs(field, name)) {
                return true;
            }
        }
        return false;
    }

    List<HeaderEdits.Field> fields() {
        return fields;
    }

    /// All of them, each with its line end.
    byte[] lines() {
        return lines;
    }
}
