package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.Kind;
import dev.viridian.aws.shapes.Member;
import dev.viridian.aws.shapes.Scalars;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.wire.Headers;
import dev.viridian.wire.Query;
import dev.viridian.wire.body.Bodies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;

/// What of a REST request or answer does not travel in the body: path, query string, headers, status.
final class RestBinding {
    private RestBinding() {}

    static void read(Input input, SdkPojo builder) {
        for (Member member : input.shape().members()) {
            value(input, member).ifPresent(value -> member.set(builder, value));
        }
    }

    private static Optional<Object> value(Input input, Member member) {
        return switch (member.location()) {
            case PATH -> Optional.ofNullable(input.labels().get(member.wireName())).map(text -> Scalars.parse(member, text));
            case QUERY -> query(input.incoming().query(), member);
            case HEADER -> header(input.incoming().headers(), member);
            case PAYLOAD, STATUS -> Optional.empty();
        };
    }

    private static Optional<Object> query(Query query, Member member) {
        if (member.kind() == Kind.MAP) {
            Map<String, Object> values = new LinkedHashMap<>();
            query.parameters().forEach(parameter -> values.put(parameter.name(), parameter.value()));
            return Optional.of(values);
        }
        List<String> values = query.all(member.wireName());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(member.kind() == Kind.LIST ? values.stream().map(text -> Scalars.parse(member.element(), text)).toList()
                : Scalars.parse(member, values.getFirst()));
    }

    private static Optional<Object> header(Headers headers, Member member) {
        String name = member.wireName().toLowerCase(Locale.ROOT);
        if (member.kind() == Kind.MAP) {
            return prefixed(headers, name);
        }
        Optional<String> text = name.equals("content-encoding") ? Bodies.contentEncoding(headers) : headers.first(name);
        if (member.kind() == Kind.LIST) {
            List<Object> values = new ArrayList<>();
            headers.all(name).forEach(line -> List.of(line.split(",")).forEach(part -> values.add(Scalars.parse(member.element(), part.strip()))));
            return values.isEmpty() ? Optional.empty() : Optional.of(values);
        }
        return text.map(value -> member.isJsonValue() ? new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)
                : Scalars.parse(member, value));
    }

    /// `x-amz-meta-...`: every header with the prefix, without it.
    private static Optional<Object> prefixed(Headers headers, String prefix) {
        Map<String, String> values = new LinkedHashMap<>();
        headers.map().forEach((name, all) -> {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                values.put(name.substring(prefix.length()), String.join(",", all));
            }
        });
        return values.isEmpty() ? Optional.empty() : Optional.of(values);
    }

    /// The headers an output's members make.
    static void write(SdkPojo output, Answer answer) {
        for (Member member : Shape.of(output.getClass()).members()) {
            Object value = member.location() == Member.Location.HEADER ? member.get(output) : null;
            if (value == null) {
                continue;
            }
            if (member.kind() == Kind.MAP) {
                ((Map<?, ?>) value).forEach((key, text) -> answer.with(member.wireName() + key, String.valueOf(text)));
            } else {
                answer.with(member.wireName(), text(member, value));
            }
        }
    }

    private static String text(Member member, Object value) {
        if (member.kind() == Kind.LIST) {
            return ((List<?>) value).stream().map(element -> text(member.element(), element)).collect(Collectors.joining(","));
        }
        String text = Texts.of(member, value, Member.TimestampFormat.RFC_822);
        return member.isJsonValue() ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) : text;
    }

    /// The status an output carries itself, if its shape has such a member.
    static Optional<Integer> status(SdkPojo output) {
        return Shape.of(output.getClass()).members().stream().filter(member -> member.location() == Member.Location.STATUS)
                .map(member -> (Integer) member.get(output)).filter(java.util.Objects::nonNull).findFirst();
    }
}
