package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ReadSizesTest {
    private static final int SEGMENT_OF_LOOPBACK = 65_483;

    private final RecvByteBufAllocator.Handle handle = new ReadSizes().newHandle();

    @Test
    void a_connection_begins_with_room_for_a_head() {
        assertThat(handle.guess()).isEqualTo(2048);
    }

    @Test
    void what_is_filled_grows_at_once_up_to_one_segment() {
        turn(2048, 16 * 1024);
        assertThat(handle.guess()).isGreaterThan(60_000).isLessThanOrEqualTo(SEGMENT_OF_LOOPBACK);
        turn(handle.guess());
        assertThat(handle.guess()).isLessThanOrEqualTo(SEGMENT_OF_LOOPBACK);
    }

    @Test
    void a_single_small_message_between_large_ones_changes_nothing() {
        turn(2048, 100);
        turn(300);
        assertThat(handle.guess()).isEqualTo(16 * 1024);
        turn(10_000);
        turn(300);
        assertThat(handle.guess()).isEqualTo(16 * 1024);
    }

    @Test
    void small_messages_get_little_room_again() {
        turn(2048, 100);
        turn(300);
        turn(300);
        assertThat(handle.guess()).isEqualTo(2048);
    }

    /// What one wake-up reads.
    private void turn(int... reads) {
        handle.reset(new EmbeddedChannel().config());
        for (int bytes : reads) {
            handle.attemptedBytesRead(handle.guess());
            handle.lastBytesRead(bytes);
        }
        handle.readComplete();
    }
}
