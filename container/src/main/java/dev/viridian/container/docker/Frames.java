package dev.viridian.container.docker;

import dev.viridian.container.LogLine;
import dev.viridian.container.LogLine.Stream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/// Takes the engine's output apart: standard output and error multiplexed in frames of an 8-byte head, or plain bytes for a terminal.
///
/// In a log each frame is one message that begins with its timestamp; a line longer than 16 KiB comes as several messages of which only the last
/// ends the line.
final class Frames {
    /// A line that never ends is given on in pieces of this length.
    private static final int LONGEST_LINE = 1 << 20;

    private final InputStream in;
    private final boolean terminal;

    Frames(InputStream in, boolean terminal) {
        this.in = in;
        this.terminal = terminal;
    }

    @FunctionalInterface
    interface Sink {
        void accept(Stream stream, byte[] bytes) throws IOException;
    }

    /// Until the stream ends.
    void read(Sink sink) throws IOException {
        if (terminal) {
            readTerminal(sink);
        } else {
            readFrames(sink);
        }
    }

    void readLines(Consumer<LogLine> sink) throws IOException {
        Lines lines = new Lines(sink);
        read(lines);
        lines.flush();
    }

    private void readFrames(Sink sink) throws IOException {
        DataInputStream data = new DataInputStream(in);
        for (int kind = data.read(); kind >= 0; kind = data.read()) {
            data.skipNBytes(3);
            byte[] payload = data.readNBytes(data.readInt());
            sink.accept(kind == 2 ? Stream.STDERR : Stream.STDOUT, payload);
        }
    }

    /// A terminal's log has no frames, but each message still begins with its timestamp and mostly ends with a line end.
    private void readTerminal(Sink sink) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n' || line.size() >= LONGEST_LINE) {
                sink.accept(Stream.STDOUT, line.toByteArray());
                line.reset();
            }
        }
        if (line.size() > 0) {
            sink.accept(Stream.STDOUT, line.toByteArray());
        }
    }

    /// Joins messages to lines.
    private static final class Lines implements Sink {
        private final Consumer<LogLine> sink;
        private final Map<Stream, ByteArrayOutputStream> open = new EnumMap<>(Stream.class);
        private final Map<Stream, Instant> since = new EnumMap<>(Stream.class);

        Lines(Consumer<LogLine> sink) {
            this.sink = sink;
        }

        @Override
        public void accept(Stream stream, byte[] message) throws IOException {
            int space = firstSpace(message);
            since.put(stream, Instant.parse(new String(message, 0, space, StandardCharsets.US_ASCII)));
            // bytes until the line is whole: a message may end in the middle of a character
            ByteArrayOutputStream line = open.computeIfAbsent(stream, _ -> new ByteArrayOutputStream());
            line.write(message, space + 1, message.length - space - 1);
            if (message[message.length - 1] == '\n' || line.size() >= LONGEST_LINE) {
                emit(stream);
            }
        }

        void flush() {
            for (Stream stream : Stream.values()) {
                if (open.getOrDefault(stream, new ByteArrayOutputStream()).size() > 0) {
                    emit(stream);
                }
            }
        }

        private void emit(Stream stream) {
            ByteArrayOutputStream line = open.get(stream);
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            sink.accept(new LogLine(since.get(stream), stream, text.replaceFirst("\r?\n$", "")));
        }

        private static int firstSpace(byte[] message) throws EOFException {
            for (int i = 0; i < message.length; i++) {
                if (message[i] == ' ') {
                    return i;
                }
            }
            throw new EOFException("a log message without a timestamp: " + new String(message, StandardCharsets.UTF_8));
        }
    }
}
