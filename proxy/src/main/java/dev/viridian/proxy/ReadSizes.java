package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/// How much room a connection gives to what it reads next: enough for a head, for a page, or for as much as is good to move at once. A connection that
/// fills its room gets the next one, and goes back when twice in a row the smaller one would have done.
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
    /// The last one fits into one segment of the loopback device (65,483 bytes): a little more would travel as two, and the second costs as much as the
    /// first. It is also little enough to be still in the processor's cache when it is sent on.
    private static final int[] SIZES = {2 * 1024, 16 * 1024, 65_408};

    private static final Runnable NOTHING = () -> { };

    /// Of the one connection this belongs to, if it does.
    private Runnable before = NOTHING;

    /// Gives a connection, which has not been read yet, sizes of its own, so that [#beforeEach] can be used.
    static void own(Channel channel) {
        channel.config().setRecvByteBufAllocator(new ReadSizes());
    }

    /// Runs something each time before `channel` is read: it may take what is there. Instead of what was run before.
    static void beforeEach(Channel channel, Runnable before) {
        channel.config().<ReadSizes>getRecvByteBufAllocator().before = before;
    }

    @Override
    @SuppressWarnings("deprecation")
    public RecvByteBufAllocator.Handle newHandle() {
        return new Guess();
    }

    private final class Guess extends MaxMessageHandle {
        private int index;
        private boolean shrinks;

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            before.run();
            return super.allocate(alloc);
        }

        @Override
        public int guess() {
            return SIZES[index];
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes == attemptedBytesRead() && index < SIZES.length - 1) {
                index++;
                shrinks = false;
            }
        }

        @Override
        public void readComplete() {
            boolean less = index > 0 && totalBytesRead() <= SIZES[index - 1];
            if (less && shrinks) {
                index--;
            }
            shrinks = less && !shrinks;
        }
    }
}
