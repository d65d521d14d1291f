package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// The way in from a client that speaks HTTP/1.1: what it has sent and nobody has taken yet. The way out is [Outlet].
final class Inlet {
    private @Nullable ByteBuf received;

    /// Takes `in` over. What waits is joined in one buffer, because a head is read from one.
    void add(ByteBuf in, ByteBufAllocator alloc) {
        ByteBuf before = received;
        if (before == null) {
            received = in;
            return;
        }
        ByteBuf joined = before;
        if (before.writableBytes() < in.readableBytes() || before.refCnt() > 1) {
            joined = alloc.directBuffer(Math.max(4096, 2 * (before.readableBytes() + in.readableBytes())));
            joined.writeBytes(before);
            before.release();
        }
        joined.writeBytes(in);
        in.release();
        received = joined;
    }

    /// What is there, to be read and skipped; null when nothing is.
    @Nullable ByteBuf next() {
        return received != null && received.isReadable() ? received : null;
    }

    /// Takes off so much, of what there is; it belongs to the caller then.
    ByteBuf take(int length) {
        ByteBuf all = requireNonNull(received);
        if (length < all.readableBytes()) {
            return all.readRetainedSlice(length);
        }
        received = null;
        return all;
    }

    /// Takes off everything; it belongs to the caller then.
    @Nullable ByteBuf takeAll() {
        ByteBuf all = received;
        received = null;
        return all;
    }

    void skipAll() {
        if (received != null) {
            received.skipBytes(received.readableBytes());
        }
    }

    /// Keeps no buffer of which everything has been read.
    void tidy() {
        if (received != null && !received.isReadable()) {
            drop();
        }
    }

    void drop() {
        if (received != null) {
            received.release();
            received = null;
        }
    }

    /// Whether not even a buffer is kept.
    boolean empty() {
        return received == null;
    }

    /// How many bytes wait.
    int length() {
        return received == null ? 0 : received.readableBytes();
    }

    /// How many bytes that takes.
    int held() {
        return received == null ? 0 : received.capacity();
    }
}
