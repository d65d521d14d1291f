package dev.viridian.container.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.container.LogLine;
import dev.viridian.container.LogLine.Stream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final String AT = "2026-01-01T12:00:00.000000001Z";
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    private void frame(int stream, byte[] payload) throws IOException {
        DataOutputStream out = new DataOutputStream(wire);
        out.write(new byte[] {(byte) stream, 0, 0, 0});
        out.writeInt(payload.length);
        out.write(payload);
    }

    private List<LogLine> lines(boolean terminal) throws IOException {
        List<LogLine> lines = new ArrayList<>();
        new Frames(new ByteArrayInputStream(wire.toByteArray()), terminal).readLines(lines::add);
        return lines;
    }

    @Test
    void a_long_line_comes_in_messages_that_may_cut_a_character_in_two() throws IOException {
        byte[] umlaut = "ä".getBytes(UTF_8);
        frame(1, concat((AT + " 1").getBytes(UTF_8), new byte[] {umlaut[0]}));
        frame(2, (AT + " oh\n").getBytes(UTF_8));
        frame(1, concat((AT + " ").getBytes(UTF_8), new byte[] {umlaut[1]}, "2\n".getBytes(UTF_8)));
        frame(1, (AT + " unended").getBytes(UTF_8));

        assertThat(lines(false)).containsExactly(new LogLine(Instant.parse(AT), Stream.STDERR, "oh"), new LogLine(Instant.parse(AT), Stream.STDOUT, "1ä2"),
                new LogLine(Instant.parse(AT), Stream.STDOUT, "unended"));
    }

    @Test
    void a_terminal_has_no_frames() throws IOException {
        wire.write((AT + " one\r\n" + AT + " two\r\n").getBytes(UTF_8));
        assertThat(lines(true)).extracting(LogLine::text).containsExactly("one", "two");
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
