package dev.viridian.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;

/// How much room a connection gives to what it reads next: enough for a head, for a page, or for as much as is good to move at once. A connection that
/// fills its room gets the next one, and goes back when twice in a row the smaller one would have done.
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
    /// The last one fits into one segment of the loopback device (65,483 bytes): a little more would travel as two, and the second costs as much as the
    /// first. It is also little enough to be still in the processor's cache when it is sent on.
    private static final int[] SIZES = {2 * 1024, 16 * 1024, 65_408};

    /// Takes what is there before the connection is read.
    @FunctionalInterface
    interface Taking {
        /// @return how many bytes; [#NOT_TRIED] when this was not the moment for it
        /// @throws IOException what reading would have thrown: the system says so only once
        int take() throws IOException;
    }

    static final int NOT_TRIED = -1;
    /// Who takes as little as this lets the next reads go by, because it costs them more than it saves.
    private static final int LITTLE = 4096;
    private static final int REST = 16;
    private static final Taking NOTHING = () -> NOT_TRIED;

    /// Whether this belongs to one connection.
    private boolean owned;
    private Taking taking = NOTHING;

    /// Gives a connection, which has not been read yet, sizes of its own, so that [#beforeEach] can be used.
    static void own(Channel channel) {
        ReadSizes own = new ReadSizes();
        own.owned = true;
        channel.config().setRecvByteBufAllocator(own);
    }

    /// Lets somebody take what is there each time before `channel` is read, in the place of whoever did so before.
    static void beforeEach(Channel channel, Taking taking) {
        ReadSizes own = channel.config().getRecvByteBufAllocator();
        if (!own.owned) {
            throw new IllegalStateException("sizes of reads that belong to many connections cannot be bound to " + channel);
        }
        own.taking = taking;
    }

    @Override
    @SuppressWarnings("deprecation")
    public RecvByteBufAllocator.Handle newHandle() {
        return new Guess();
    }

    private final class Guess extends MaxMessageHandle {
        private int index;
        private boolean shrinks;
        private boolean taken;
        private int rests;

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            if (taking != NOTHING) {
                letTake();
            }
            return super.allocate(alloc);
        }

        private void letTake() {
            if (rests > 0) {
                rests--;
                return;
            }
            try {
                int bytes = taking.take();
                taken |= bytes > 0;
                rests = bytes == NOT_TRIED || bytes >= LITTLE ? 0 : REST;
            } catch (IOException e) {
                // As if reading had failed.
                PlatformDependent.throwException(e);
            }
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
            if (taken) {
                // What comes next is moved as well, or it is a head, behind which a large body is better left to be moved.
                taken = false;
                index = 0;
                return;
            }
            boolean less = index > 0 && totalBytesRead() <= SIZES[index - 1];
            if (less && shrinks) {
                index--;
            }
            shrinks = less && !shrinks;
        }
    }
}
