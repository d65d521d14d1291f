package dev.viridian.services.s3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Keys as S3 sees them: sequences of UTF-8 bytes.
final class Text {
    private static final String UNESCAPED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/*";

    private Text() {}

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// S3's order of keys; differs from Java's beyond the Basic Multilingual Plane.
    static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /// Percent-encoded, slashes left alone.
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNESCAPED.indexOf((char) (b & 0xff)) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    /// The opposite of percent-encoding; a plus sign stays one.
    ///
    /// @throws IllegalArgumentException when `text` is not valid
    static String decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(utf8Length(text));
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < encoded.length; at++) {
            if (encoded[at] != '%') {
                bytes.put(encoded[at]);
            } else if (at + 2 < encoded.length) {
                bytes.put((byte) HexFormat.fromHexDigits(new String(encoded, at + 1, 2, StandardCharsets.US_ASCII)));
                at += 2;
            } else {
                throw new IllegalArgumentException("a percent sign without two digits in " + text);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8: " + text, e);
        }
    }
}
