package dev.viridian.proxy;

import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Reads the heads of answers, those of interim ones too, from what a target has sent so far. For clients there is [HeadFinder].
final class AnswerFinder {
    private static final int MAX_HEAD = 32 * 1024;
    /// What is copied to find the head in most cases: not the body behind it.
    private static final int USUAL_HEAD = 2048;
    /// Answers before the answer; more are a flood.
    private static final int MAX_INTERIM = 100;

    /// PART: what has come is kept, and more must come. UNREADABLE: this is no answer to the request.
    enum Found { HEAD, PART, UNREADABLE }

    private final Loop loop;
    /// Part of a head.
    private @Nullable ByteBuf kept;
    private int interim;

    AnswerFinder(Loop loop) {
        this.loop = loop;
    }

    /// The next request is about to be sent.
    void begin() {
        interim = 0;
    }

    /// What was kept, and `in` behind it; takes `in` over.
    ByteBuf withKept(ByteBuf in, ByteBufAllocator alloc) {
        ByteBuf before = kept;
        if (before == null) {
            return in;
        }
        kept = null;
        ByteBuf joined = alloc.directBuffer(before.readableBytes() + in.readableBytes());
        joined.writeBytes(before).writeBytes(in);
        before.release();
        in.release();
        return joined;
    }

    /// Reads a head and skips it; takes `in` over unless one was found.
    ///
    /// @param upgrades whether the client has asked to leave HTTP behind
    Found read(ResponseHead head, ByteBuf in, boolean upgrades) {
        int length = Math.min(in.readableBytes(), MAX_HEAD);
        Refusal refusal = read(head, in, Math.min(length, USUAL_HEAD));
        if (refusal == Refusal.INCOMPLETE && length > USUAL_HEAD) {
            refusal = read(head, in, length);
        }
        if (refusal == Refusal.INCOMPLETE && length < MAX_HEAD) {
            kept = in;
            return Found.PART;
        }
        if (refusal != null || head.status() == 101 && !upgrades || head.interim() && ++interim > MAX_INTERIM) {
            in.release();
            return Found.UNREADABLE;
        }
        in.skipBytes(head.end());
        return Found.HEAD;
    }

    private @Nullable Refusal read(ResponseHead head, ByteBuf in, int length) {
        in.getBytes(in.readerIndex(), loop.scratch(), 0, length);
        return head.read(loop.scratch(), 0, length);
    }

    /// Nothing more will come.
    void drop() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    /// Bytes kept, with the room they take.
    int held() {
        return kept == null ? 0 : kept.capacity();
    }
}
