package dev.viridian.proxy;

import dev.viridian.proxy.Http2Message.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Good messages of HTTP/2 with some random damage, each of which their sender could have meant.
final class Http2Damage {
    private final List<Http2Message> good;
    /// What attacks are made of.
    private final List<Field> fields;
    private final List<String> texts;

    Http2Damage(List<Http2Message> good, List<Field> fields, List<String> texts) {
        this.good = good;
        this.fields = fields;
        this.texts = texts;
    }

    /// @param damaged false when it is one of the good ones
    record Made(Http2Message message, boolean damaged) {}

    Made make(RandomGenerator random) {
        Http2Message message = any(good, random);
        int damage = random.nextInt(4);
        for (int i = 0; i < damage; i++) {
            message = harm(message, random);
        }
        return breaksTheCodec(message) ? make(random) : new Made(message, damage > 0);
    }

    /// Netty takes what it has to say against a name for a format, and ends the connection when it is none. This is allowed, but each of these would
    /// cost the rounds behind it their connection.
    private static boolean breaksTheCodec(Http2Message message) {
        return Stream.of(message.interim().stream().flatMap(List::stream), message.head().stream(),
                Stream.ofNullable(message.trailers()).flatMap(List::stream))
                .flatMap(fields -> fields).anyMatch(field -> field.name().contains("%"));
    }

    private Http2Message harm(Http2Message m, RandomGenerator random) {
        List<Field> head = new ArrayList<>(m.head());
        List<String> data = new ArrayList<>(m.data());
        switch (random.nextInt(16)) {
            case 0 -> {
                return new Http2Message(m.interim(), head, harmed(data, random), m.trailers(), m.ends());
            }
            case 1 -> {
                List<Field> trailers = new ArrayList<>(m.trailers() == null ? List.of() : m.trailers());
                trailers.add(random.nextBoolean() ? any(fields, random) : any(any(good, random).head(), random));
                return new Http2Message(m.interim(), head, data, trailers, m.ends());
            }
            case 2 -> {
                List<Field> trailers = new ArrayList<>(m.trailers() == null ? List.of(new Field("x-late", "1")) : m.trailers());
                harm(trailers, random);
                return new Http2Message(m.interim(), head, data, trailers, m.ends());
            }
            case 3 -> {
                if (m.interim().isEmpty()) {
                    return new Http2Message(m.interim(), head, data, m.trailers(), random.nextInt(4) > 0);
                }
                List<Field> interim = new ArrayList<>(m.interim().getFirst());
                harm(interim, random);
                return new Http2Message(List.of(interim), head, data, m.trailers(), m.ends());
            }
            default -> {
                harm(head, random);
                return new Http2Message(m.interim(), head, data, m.trailers(), m.ends());
            }
        }
    }

    private List<String> harmed(List<String> data, RandomGenerator random) {
        int at = random.nextInt(data.size() + 1);
        switch (random.nextInt(4)) {
            case 0 -> data.add(at, "");
            case 1 -> data.add(at, any(texts, random));
            case 2 -> data.add(at, "z");
            default -> {
                if (at < data.size()) {
                    data.remove(at);
                }
            }
        }
        return data;
    }

    private void harm(List<Field> list, RandomGenerator random) {
        if (list.isEmpty()) {
            list.add(any(fields, random));
            return;
        }
        int at = random.nextInt(list.size());
        Field field = list.get(at);
        switch (random.nextInt(12)) {
            case 0 -> list.remove(at);
            case 1 -> list.add(random.nextInt(list.size() + 1), field);
            case 2 -> list.add(random.nextInt(list.size()), list.remove(at));
            case 3 -> list.set(at, new Field(field.name(), Damage.spiced(field.value(), random)));
            case 4 -> list.set(at, new Field(Damage.spiced(field.name(), random), field.value()));
            case 5 -> list.set(at, new Field(field.name(), put(field.value(), any(texts, random), random)));
            case 6 -> list.set(at, new Field(put(field.name(), any(texts, random), random), field.value()));
            case 7 -> list.set(at, new Field(field.name(), any(any(good, random).head(), random).value()));
            case 8 -> list.set(at, new Field(field.name().toUpperCase(Locale.ROOT), field.value()));
            default -> list.add(random.nextInt(list.size() + 1), any(fields, random));
        }
    }

    private static String put(String text, String piece, RandomGenerator random) {
        return new StringBuilder(text).insert(random.nextInt(text.length() + 1), piece).toString();
    }

    private static <T> T any(List<T> things, RandomGenerator random) {
        return things.get(random.nextInt(things.size()));
    }
}
