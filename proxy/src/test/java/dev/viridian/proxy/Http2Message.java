package dev.viridian.proxy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A message of HTTP/2 as its sender says it, whether it may be said or not.
///
/// @param interim heads of answers before the real one
/// @param data    the body, one piece per frame
/// @param trailers null when the body ends without
/// @param ends    whether the sender says that this was all; otherwise it resets the stream
record Http2Message(List<List<Field>> interim, List<Field> head, List<String> data, @Nullable List<Field> trailers, boolean ends) {
    /// Length of frames that everybody must take. Source: RFC 9113 section 4.2.
    private static final int FRAME = 16_384;
    private static final int CANCEL = 8;
    private static final Set<String> OF_CONNECTIONS = Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private static final Set<String> OF_FRAMING = Set.of("content-length", "transfer-encoding");

    record Field(String name, String value) {
        static List<Field> list(String... fields) {
            List<Field> list = new ArrayList<>();
            for (int i = 0; i < fields.length; i += 2) {
                list.add(new Field(fields[i], fields[i + 1]));
            }
            return list;
        }

        boolean pseudo() {
            return name.startsWith(":");
        }

        /// Source: RFC 9113 sections 8.2.1 and 8.2.2.
        boolean wellFormed() {
            boolean value = this.value.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0) && this.value.equals(strippedOf(this.value));
            return value && (pseudo() || name.matches("[-!#$%&'*+.^_`|~0-9a-z]+") && !OF_CONNECTIONS.contains(name)
                    && (!name.equals("te") || this.value.equalsIgnoreCase("trailers")));
        }

        private static String strippedOf(String value) {
            return value.replaceAll("^[ \t]+|[ \t]+$", "");
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    static Http2Message of(String... head) {
        return new Http2Message(List.of(), Field.list(head), List.of(), null, true);
    }

    Http2Message interim(String... fields) {
        return new Http2Message(List.of(Field.list(fields)), head, data, trailers, ends);
    }

    Http2Message body(String... pieces) {
        return new Http2Message(interim, head, List.of(pieces), trailers, ends);
    }

    Http2Message trailers(String... fields) {
        return new Http2Message(interim, head, data, Field.list(fields), ends);
    }

    /// Whether this is an allowed head with pseudo-headers such as are given: all of the first, perhaps some of the second.
    ///
    /// Source: RFC 9113 section 8.3.
    static boolean wellFormed(List<Field> head, Set<String> needed, Set<String> possible) {
        List<String> pseudo = head.stream().filter(Field::pseudo).map(Field::name).toList();
        return head.stream().allMatch(Field::wellFormed) && head.stream().limit(pseudo.size()).allMatch(Field::pseudo)
                && Set.copyOf(pseudo).size() == pseudo.size() && pseudo.containsAll(needed)
                && pseudo.stream().allMatch(name -> needed.contains(name) || possible.contains(name));
    }

    /// All values of a name in the head.
    List<String> all(String name) {
        return values(head, name);
    }

    static List<String> values(List<Field> fields, String name) {
        return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
    }

    String first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    String content() {
        return String.join("", data);
    }

    boolean trailersFit() {
        return trailers == null || trailers.stream().allMatch(field -> !field.pseudo() && field.wellFormed());
    }

    /// The different lengths that are said.
    List<String> lengths() {
        return lengths(head);
    }

    private static List<String> lengths(List<Field> fields) {
        return values(fields, "content-length").stream().flatMap(all -> Stream.of(all.split(", *", -1)))
                .map(length -> length.matches("[0-9]{1,18}") ? String.valueOf(Long.parseLong(length)) : length).distinct().toList();
    }

    /// Whether what the head says about the length of the body is true.
    boolean lengthFits() {
        return lengths().stream().allMatch(length -> length.equals(String.valueOf(content().length())));
    }

    /// What the receiver has to do with, apart from what is said anew at each hop: with all crumbs in one cookie, and the same length said once.
    static List<String> shown(List<Field> fields, Set<String> but) {
        List<String> shown = new ArrayList<>();
        List<String> crumbs = values(fields, "cookie");
        for (Field field : fields) {
            if (!field.pseudo() && !field.name().equals("content-length") && !but.contains(field.name()) && !field.name().equals("cookie")
                    && !disguised(field.name())) {
                shown.add(field.name() + ": " + field.value());
            }
        }
        if (!but.contains("content-length")) {
            lengths(fields).forEach(length -> shown.add("content-length: " + length));
        }
        if (!crumbs.isEmpty()) {
            shown.add("cookie: " + String.join("; ", crumbs));
        }
        shown.sort(null);
        return shown;
    }

    /// What looks like framing, and is taken away.
    static boolean disguised(String name) {
        return !OF_FRAMING.contains(name)
                && name.toLowerCase(Locale.ROOT).matches("[^a-z0-9]*(content.[^a-z0-9]*length|transfer.[^a-z0-9]*encoding)[^a-z0-9]*");
    }

    /// Everything, in as many frames as it takes.
    byte[] frames(int stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        interim.forEach(fields -> headers(all, stream, fields, false));
        headers(all, stream, head, ends && data.isEmpty() && trailers == null);
        for (int i = 0; i < data.size(); i++) {
            boolean last = ends && i == data.size() - 1 && trailers == null;
            all.writeBytes(Http2Wire.bytes(Http2Wire.DATA, last ? Http2Wire.END_STREAM : 0, stream, bytes(data.get(i))));
        }
        if (trailers != null) {
            headers(all, stream, trailers, ends);
        }
        if (!ends) {
            all.writeBytes(Http2Wire.bytes(Http2Wire.RST_STREAM, 0, stream, Http2Wire.number(CANCEL)));
        }
        return all.toByteArray();
    }

    private static void headers(ByteArrayOutputStream out, int stream, List<Field> fields, boolean last) {
        byte[] packed = Http2Wire.packed(fields.stream().flatMap(field -> List.of(field.name(), field.value()).stream()).toArray(String[]::new));
        int from = 0;
        do {
            int to = Math.min(packed.length, from + FRAME);
            int flags = (to == packed.length ? Http2Wire.END_HEADERS : 0) | (last && from == 0 ? Http2Wire.END_STREAM : 0);
            int type = from == 0 ? Http2Wire.HEADERS : Http2Wire.CONTINUATION;
            out.writeBytes(Http2Wire.bytes(type, flags, stream, Arrays.copyOfRange(packed, from, to)));
            from = to;
        } while (from < packed.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /// With everything odd made visible.
    String story() {
        return ForwardFuzzTest.show(bytes(interim + "\n" + head + "\n" + data + "\n" + trailers + (ends ? "" : " reset")));
    }
}
