package dev.viridian.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parameters of a query string or form, decoded, in order.
public record Query(List<Parameter> parameters) {
    private static final String UNRESERVED = "-_.~";
    private static final String HEX = "0123456789ABCDEF";

    /// @param value empty when the parameter stands alone, as in `?uploads`
    public record Parameter(String name, String value) {}

    /// @throws IllegalArgumentException when an escape is not one
    public static Query parse(String raw) {
        List<Parameter> found = new ArrayList<>();
        int start = 0;
        while (start < raw.length()) {
            int end = raw.indexOf('&', start);
            String part = raw.substring(start, end < 0 ? raw.length() : end);
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                found.add(equals < 0 ? new Parameter(decode(part, true), "")
                        : new Parameter(decode(part.substring(0, equals), true), decode(part.substring(equals + 1), true)));
            }
            start = end < 0 ? raw.length() : end + 1;
        }
        return new Query(List.copyOf(found));
    }

    public Optional<String> first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    public List<String> all(String name) {
        return parameters.stream().filter(parameter -> parameter.name().equals(name)).map(Parameter::value).toList();
    }

    /// Undoes percent-encoding.
    ///
    /// @param plusIsSpace as in query strings and forms, but not in paths
    /// @throws IllegalArgumentException when an escape is not one
    public static String decode(String raw, boolean plusIsSpace) {
        if (raw.indexOf('%') < 0 && (!plusIsSpace || raw.indexOf('+') < 0)) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < source.length; i++) {
            if (source[i] == '%') {
                bytes.write(escaped(source, i));
                i += 2;
            } else {
                bytes.write(plusIsSpace && source[i] == '+' ? ' ' : source[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// Percent-encodes as SigV4 demands: everything but letters, digits and `-_.~`.
    public static String encode(String text, boolean keepSlash) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED.indexOf(c) >= 0 || keepSlash && c == '/') {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return encoded.toString();
    }

    private static int escaped(byte[] source, int at) {
        int high = at + 2 < source.length ? Character.digit(source[at + 1], 16) : -1;
        int low = at + 2 < source.length ? Character.digit(source[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("not a percent escape at position " + at);
        }
        return high << 4 | low;
    }
}
