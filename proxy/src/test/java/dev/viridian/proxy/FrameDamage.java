package dev.viridian.proxy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Sessions of HTTP/2 with some random damage to their frames, or around them.
final class FrameDamage {
    private static final int[] STREAMS = {0, 1, 2, 3, 5, 7, 99, Integer.MAX_VALUE, 0x8000_0001};
    private static final int[] NUMBERS = {0, 1, 2, 3, 100, 16_383, 16_384, 65_535, 1 << 24, Integer.MAX_VALUE, 0x8000_0000, -1};

    /// @param length what the frame says of itself
    private record Raw(int type, int flags, int stream, byte[] payload, int length) {
        static Raw of(int type, int flags, int stream, byte[] payload) {
            return new Raw(type, flags, stream, payload, payload.length);
        }

        void write(ByteArrayOutputStream out) {
            out.writeBytes(new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags});
            out.writeBytes(Http2Wire.number(stream));
            out.writeBytes(payload);
        }
    }

    private FrameDamage() {}

    /// @param good whole frames
    static byte[] make(byte[] good, RandomGenerator random) {
        List<Raw> frames = frames(good);
        for (int damage = random.nextInt(4); damage > 0; damage--) {
            harm(frames, random);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frames.forEach(frame -> frame.write(out));
        byte[] all = out.toByteArray();
        return all.length > 0 && random.nextInt(8) == 0 ? Arrays.copyOf(all, random.nextInt(all.length)) : all;
    }

    private static List<Raw> frames(byte[] good) {
        List<Raw> frames = new ArrayList<>();
        for (int at = 0; at < good.length; ) {
            int length = Http2Wire.Frame.number(good, at) >>> 8;
            frames.add(Raw.of(good[at + 3], good[at + 4], Http2Wire.Frame.number(good, at + 5), Arrays.copyOfRange(good, at + 9, at + 9 + length)));
            at += 9 + length;
        }
        return frames;
    }

    private static void harm(List<Raw> frames, RandomGenerator random) {
        if (frames.isEmpty()) {
            frames.add(odd(1, random));
            return;
        }
        int at = random.nextInt(frames.size());
        Raw frame = frames.get(at);
        byte[] payload = frame.payload();
        switch (random.nextInt(14)) {
            case 0 -> frames.set(at, Raw.of(random.nextInt(12), frame.flags(), frame.stream(), payload));
            case 1 -> frames.set(at, Raw.of(frame.type(), frame.flags() ^ 1 << random.nextInt(8), frame.stream(), payload));
            case 2 -> frames.set(at, Raw.of(frame.type(), frame.flags(), any(STREAMS, random), payload));
            case 3 -> frames.set(at, new Raw(frame.type(), frame.flags(), frame.stream(),
                    payload, Math.max(0, payload.length + random.nextInt(-9, 10))));
            case 4 -> frames.set(at, Raw.of(frame.type(), frame.flags(), frame.stream(),
                    Arrays.copyOf(payload, random.nextInt(payload.length + 10))));
            case 5 -> {
                byte[] changed = payload.length == 0 ? new byte[1] : payload.clone();
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                frames.set(at, Raw.of(frame.type(), frame.flags(), frame.stream(), changed));
            }
            case 6 -> frames.remove(at);
            case 7 -> frames.add(random.nextInt(frames.size() + 1), frame);
            case 8 -> frames.add(random.nextInt(frames.size()), frames.remove(at));
            case 9 -> split(frames, at, random);
            case 10 -> frames.set(at, padded(frame, random));
            default -> frames.add(at, odd(frame.stream(), random));
        }
    }

    /// Headers in pieces, perhaps with something between them.
    private static void split(List<Raw> frames, int at, RandomGenerator random) {
        Raw frame = frames.get(at);
        int cut = random.nextInt(frame.payload().length + 1);
        frames.set(at, Raw.of(frame.type(), frame.flags() & ~Http2Wire.END_HEADERS, frame.stream(), Arrays.copyOf(frame.payload(), cut)));
        frames.add(at + 1, Raw.of(Http2Wire.CONTINUATION, random.nextInt(4) == 0 ? 0 : Http2Wire.END_HEADERS, frame.stream(),
                Arrays.copyOfRange(frame.payload(), cut, frame.payload().length)));
        if (random.nextInt(3) == 0) {
            frames.add(at + 1, odd(frame.stream(), random));
        }
    }

    private static Raw padded(Raw frame, RandomGenerator random) {
        byte[] payload = frame.payload();
        int padding = random.nextInt(20);
        byte[] padded = new byte[payload.length + 1 + padding];
        padded[0] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : padding);
        System.arraycopy(payload, 0, padded, 1, payload.length);
        return Raw.of(frame.type(), frame.flags() | Http2Wire.PADDED, frame.stream(), padded);
    }

    private static Raw odd(int stream, RandomGenerator random) {
        int to = random.nextInt(3) == 0 ? any(STREAMS, random) : random.nextBoolean() ? stream : 0;
        byte[] number = Http2Wire.number(any(NUMBERS, random));
        return switch (random.nextInt(11)) {
            case 0 -> Raw.of(Http2Wire.SETTINGS, random.nextInt(4) == 0 ? Http2Wire.ACK : 0, random.nextInt(8) == 0
                    ? to : 0, setting(number, random));
            case 1 -> Raw.of(Http2Wire.PING, random.nextInt(3) == 0 ? Http2Wire.ACK : 0, random.nextInt(8) == 0 ? to : 0,
                    new byte[random.nextInt(8) == 0 ? random.nextInt(12) : 8]);
            case 2, 3 -> Raw.of(Http2Wire.WINDOW_UPDATE, 0, to, number);
            case 4 -> Raw.of(Http2Wire.RST_STREAM, 0, to, number);
            case 5 -> Raw.of(Http2Wire.GOAWAY, 0, 0, goaway(number, random));
            case 6 -> Raw.of(Http2Wire.PRIORITY, 0, to, new byte[] {0, 0, 0, (byte) (random.nextBoolean() ? to : 3), 16});
            case 7 -> Raw.of(Http2Wire.CONTINUATION, random.nextInt(8), to, Http2Wire.packed("x", "y"));
            case 8 -> Raw.of(Http2Wire.PUSH_PROMISE, Http2Wire.END_HEADERS, to, new byte[] {0, 0, 0, 2});
            case 9 -> Raw.of(Http2Wire.DATA, random.nextInt(2), to, new byte[random.nextInt(4) * 6000]);
            default -> Raw.of(10 + random.nextInt(200), random.nextInt(256), to, number);
        };
    }

    private static byte[] setting(byte[] value, RandomGenerator random) {
        return new byte[] {0, (byte) random.nextInt(10), value[0], value[1], value[2], value[3]};
    }

    private static byte[] goaway(byte[] last, RandomGenerator random) {
        return new byte[] {last[0], last[1], last[2], last[3], 0, 0, 0, (byte) random.nextInt(14)};
    }

    private static int any(int[] numbers, RandomGenerator random) {
        return numbers[random.nextInt(numbers.length)];
    }
}
