package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadSizesTest {
    private static final int SEGMENT_OF_LOOPBACK = 65_483;

    private final EmbeddedChannel channel = new EmbeddedChannel();
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

    @Test
    void where_somebody_takes_what_is_there_a_head_is_expected_next() {
        boolean[] takes = {false};
        RecvByteBufAllocator.Handle taken = handleOf(() -> takes[0] ? 500_000 : ReadSizes.NOT_TRIED);
        for (int i = 0; i < 2; i++) {
            turn(taken, taken.guess());
        }
        assertThat(taken.guess()).isGreaterThan(60_000);
        takes[0] = true;
        turn(taken, 0);
        assertThat(taken.guess()).isEqualTo(2048);
    }

    private void turn(RecvByteBufAllocator.Handle reading, int bytes) {
        reading.reset(channel.config());
        reading.allocate(channel.alloc()).release();
        reading.attemptedBytesRead(reading.guess());
        reading.lastBytesRead(bytes);
        reading.readComplete();
    }

    @Test
    void who_takes_little_lets_the_next_reads_go_by() {
        AtomicInteger asked = new AtomicInteger();
        RecvByteBufAllocator.Handle little = handleOf(() -> {
            asked.incrementAndGet();
            return 100;
        });
        for (int i = 0; i < 18; i++) {
            little.allocate(channel.alloc()).release();
        }
        assertThat(asked).hasValue(2);
    }

    private RecvByteBufAllocator.Handle handleOf(ReadSizes.Taking taking) {
        ReadSizes.own(channel);
        ReadSizes.beforeEach(channel, taking);
        return channel.config().getRecvByteBufAllocator().newHandle();
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
