package dev.viridian.proxy;

import dev.viridian.proxy.http.ChunkScanner;
import dev.viridian.proxy.http.Deviation;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.RequestHead.Method;
import dev.viridian.proxy.routing.ListenerSettings.Strictness;
import io.netty.buffer.ByteBuf;

/// What must be remembered of a request once its head is gone, and how much of its body is still to come.
final class RequestFlow {
    private final ChunkScanner chunks = new ChunkScanner();
    private boolean chunked;
    private long remaining;
    private boolean complete;
    private boolean upgrades;
    private boolean keepsAlive;
    private boolean wantsBody;
    private boolean replayable;
    private int minor;
    private boolean ambiguous;
    private Deviation deviation = Deviation.NONE;

    void begin(RequestHead head, Strictness strictness) {
        deviation = head.deviation();
        ambiguous = deviation.tier() == Deviation.Tier.AMBIGUOUS;
        minor = head.minor();
        keepsAlive = head.keepsAlive() && !(ambiguous && strictness == Strictness.DEFENSIVE);
        wantsBody = head.method() != Method.HEAD;
        upgrades = head.upgrades();
        complete = !head.hasBody();
        chunked = head.chunked();
        remaining = head.contentLength();
        chunks.reset();
        replayable = complete && head.method().idempotent() && !upgrades;
    }

    /// How much of `in` belongs to the body; -1 for a body that cannot be read.
    int take(ByteBuf in) {
        if (chunked) {
            int length = chunks.scan(in, null);
            complete = chunks.done();
            return chunks.bad() ? -1 : length;
        }
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        complete = remaining == 0;
        return length;
    }

    /// A piece of the body came without any framing.
    ///
    /// @param last whether nothing follows
    void took(int length, boolean last) {
        remaining -= length;
        complete = last || !chunked && remaining == 0;
    }

    /// How much of the body is still to come and may pass unseen; -1 when it has to be looked at.
    long unseen() {
        return chunked ? -1 : remaining;
    }

    /// Whether the body comes in chunks, as its length is not known.
    boolean chunked() {
        return chunked;
    }

    /// Whether all of the request has been taken.
    boolean complete() {
        return complete;
    }

    /// Whether the client will send another request on its connection.
    boolean keepsAlive() {
        return keepsAlive;
    }

    /// After this request the connection cannot be trusted to be in step.
    void endConnection() {
        keepsAlive = false;
    }

    /// Whether the answer may have a body: not for HEAD.
    boolean wantsBody() {
        return wantsBody;
    }

    /// Whether the client asks to leave HTTP behind.
    boolean upgrades() {
        return upgrades;
    }

    /// Whether it does no harm to send the request twice, and nothing of it has to be kept for that but its head.
    boolean replayable() {
        return replayable;
    }

    /// Whether others may see another end of this request than we do: what the target's connection carries afterwards is not to be trusted.
    boolean ambiguous() {
        return ambiguous;
    }

    Deviation deviation() {
        return deviation;
    }

    /// The digit behind `HTTP/1.` in the request.
    int minor() {
        return minor;
    }
}
