package dev.viridian.services.elbv2.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration FIVE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private Spool spool(long mostBytes, long fileBytes) {
        return new Spool(folder.resolve("s"), new LogPlace(null, folder, mostBytes, fileBytes), FIVE);
    }

    private static LineBuffer line(String text) {
        return new LineBuffer().text(text).endLine();
    }

    private static List<String> read(List<Spool.Waiting> files) {
        return files.stream().map(each -> {
            try {
                return Files.readString(each.file());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }).toList();
    }

    @Test
    void a_file_is_complete_when_its_interval_is_over() {
        Spool spool = spool(1000, 1000);
        spool.add(line("one"), NOON.plusSeconds(10));
        spool.flush(NOON.plusSeconds(10));
        spool.add(line("two"), NOON.plusSeconds(299));
        assertThat(spool.complete(NOON.plusSeconds(299), false)).isEmpty();
        List<Spool.Waiting> complete = spool.complete(NOON.plusSeconds(300), false);
        assertThat(read(complete)).containsExactly("one\ntwo\n");
        assertThat(complete.getFirst().end()).isEqualTo(NOON.plus(FIVE));
        spool.add(line("three"), NOON.plusSeconds(301));
        assertThat(read(spool.complete(NOON.plusSeconds(301), false))).containsExactly("one\ntwo\n");
        complete.forEach(spool::sent);
        assertThat(read(spool.complete(NOON.plusSeconds(302), true))).containsExactly("three\n");
    }

    @Test
    void a_large_file_is_complete_at_once() {
        Spool spool = spool(1000, 8);
        spool.add(line("12345678"), NOON);
        spool.flush(NOON);
        spool.add(line("9"), NOON);
        spool.flush(NOON);
        assertThat(spool.takeFull()).isTrue();
        assertThat(spool.takeFull()).isFalse();
        assertThat(read(spool.complete(NOON, false))).containsExactly("12345678\n");
    }

    @Test
    void what_finds_no_room_is_dropped_and_counted_until_something_was_sent() {
        Spool spool = spool(10, 1000);
        spool.add(line("12345678"), NOON);
        spool.add(line("too much"), NOON);
        assertThat(spool.takeDropped()).isEqualTo(1);
        assertThat(spool.takeDropped()).isZero();
        spool.complete(NOON, true).forEach(spool::sent);
        spool.add(line("12345678"), NOON);
        assertThat(spool.takeDropped()).isZero();
        assertThat(spool.bytes()).isZero();
        spool.flush(NOON);
        assertThat(spool.bytes()).isEqualTo(9);
    }

    @Test
    void a_new_process_takes_up_whole_lines_and_counts_them() throws IOException {
        Spool spool = spool(1000, 1000);
        spool.add(line("whole"), NOON);
        List<Spool.Waiting> files = spool.complete(NOON, true);
        Files.writeString(files.getFirst().file(), "whole\nhal");
        Spool next = spool(1000, 1000);
        assertThat(next.bytes()).isEqualTo(6);
        assertThat(next.complete(NOON, false)).isEqualTo(files);
        assertThat(read(files)).containsExactly("whole\n");
    }
}
