package dev.viridian.proxy;

import dev.viridian.proxy.http.Refusal;
import dev.viridian.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Reads the next request head from what a client has sent so far, without reading the same bytes over and over when they trickle in.
final class HeadFinder {
    /// What is copied to find the head in most cases; heads that are longer are tried again with all there is.
    private static final int USUAL_HEAD = 4096;

    private final Loop loop;
    /// Bytes in which no head ended; above 0, only a found end is worth another reading.
    private int searched;
    private long since;
    private boolean lineSkipped;

    HeadFinder(Loop loop) {
        this.loop = loop;
    }

    /// @return null when a good head was read and skipped; [Refusal#INCOMPLETE] when more must come
    @Nullable Refusal read(RequestHead head, ByteBuf in) {
        if (searched == 0 && !skipEmptyLine(in)) {
            return Refusal.INCOMPLETE;
        }
        int readable = Math.min(in.readableBytes(), Loop.MAX_HEAD);
        boolean full = readable == Loop.MAX_HEAD;
        if (searched > 0 && !full && !worthReading(in)) {
            return Refusal.INCOMPLETE;
        }
        Refusal refusal = read(head, in, Math.min(readable, USUAL_HEAD));
        if (refusal == Refusal.INCOMPLETE && readable > USUAL_HEAD) {
            refusal = read(head, in, readable);
        }
        if (refusal == Refusal.INCOMPLETE && !full) {
            since = searched == 0 ? loop.now() : since;
            searched = Math.max(1, readable - 3);
            return refusal;
        }
        searched = 0;
        lineSkipped = false;
        if (refusal == null) {
            in.skipBytes(head.end());
        }
        return refusal == Refusal.INCOMPLETE ? Refusal.HEAD_TOO_LARGE : refusal;
    }

    private @Nullable Refusal read(RequestHead head, ByteBuf in, int length) {
        in.getBytes(in.readerIndex(), loop.scratch(), 0, length);
        return head.read(loop.scratch(), 0, length);
    }

    /// One empty line before a request is tolerated, as RFC 9112 section 2.2 asks.
    ///
    /// @return whether something is left to read
    private boolean skipEmptyLine(ByteBuf in) {
        if (lineSkipped || in.getByte(in.readerIndex()) != '\r') {
            return true;
        }
        if (in.readableBytes() > 1 && in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
            lineSkipped = true;
            return in.isReadable();
        }
        return in.readableBytes() > 1;
    }

    /// Whether an empty line, well-formed or not, has arrived since the last look; of a short head, any line, so that a bad one is refused at once.
    private boolean worthReading(ByteBuf in) {
        int to = in.writerIndex();
        int from = in.readerIndex() + searched - 1;
        for (int at = in.indexOf(from, to, (byte) '\n'); at >= 0; at = in.indexOf(at + 1, to, (byte) '\n')) {
            boolean bare = at + 1 < to && in.getByte(at + 1) == '\n';
            if (bare || at + 2 < to && in.getByte(at + 1) == '\r' && in.getByte(at + 2) == '\n' || in.readableBytes() <= USUAL_HEAD) {
                return true;
            }
        }
        searched = Math.max(1, in.readableBytes() - 3);
        return false;
    }

    /// Whether part of a head has been waiting for the rest for longer than this.
    boolean waitingLonger(long nanos) {
        return searched > 0 && loop.now() - since > nanos;
    }
}
