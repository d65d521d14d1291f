package dev.viridian.proxy;

import dev.viridian.proxy.http.ChunkScanner;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.RequestHead.Method;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.ListenerSettings.Strictness;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Each client connection has one of these and uses it again and again.
///
/// The rule of the house is *claim, then send*: the target is chosen under the snapshot of that moment and counted as in flight in the same step, before a byte leaves; the claim ends
/// with the exchange. A target that has left the routing can therefore be watched until nobody holds a claim on it.
final class Exchange implements TargetOnLoop.Claimant {
    private static final int MAX_TRIES = 3;

    private final ClientConnection client;
    private final Loop loop;
    private final ChunkScanner chunks = new ChunkScanner();
    private final ResponseRelay relay;

    private @Nullable ListenerRoute route;
    private @Nullable GroupRoute group;
    private @Nullable Forwarder forwarder;
    private @Nullable TargetOnLoop claim;
    private @Nullable TargetCounters counters;
    private @Nullable UpstreamConnection upstream;
    /// The head for the target, kept until the answer begins in case it must be sent again.
    private @Nullable ByteBuf outgoing;
    private int claimIndex;
    private int tries;
    private boolean reused;
    private boolean replayable;
    private boolean sent;
    private boolean chunked;
    private long remaining;
    private boolean requestDone;
    private boolean answering;
    private boolean upgrade;
    private boolean keepAlive;
    private boolean withBody;
    private boolean unflushed;
    private int minor;
    private long sentAt;

    Exchange(ClientConnection client, Loop loop) {
        this.client = client;
        this.loop = loop;
        this.relay = new ResponseRelay(this, client, loop);
    }

    void begin(RequestHead head) {
        PortRoute port = loop.routing().port(client.socket().key());
        if (port == null) {
            client.close();
            return;
        }
        ListenerRoute listener = port.choose(head);
        route = listener;
        listener.state().add(loop, ListenerState.REQUESTS, 1);
        listener.state().add(loop, ListenerState.BYTES_IN, head.end());
        remember(head, listener);
        if (head.ambiguous() && listener.settings().strictness() == Strictness.STRICTEST) {
            keepAlive = false;
            answer(400);
            return;
        }
        if (RequestWriter.forwardedAddresses(head) > 30) {
            answer(463);
            return;
        }
        switch (listener.choose(head, client.source())) {
            case ActionRoute.ForwardRoute(var forward) -> forward(head, listener, forward);
            case ActionRoute.FixedRoute(var response) -> {
                listener.state().add(loop, ListenerState.FIXED_RESPONSES, 1);
                answer(OwnAnswer.fixed(response.status(), response.contentType(), response.body()));
            }
            case ActionRoute.RedirectRoute(var redirect) -> {
                listener.state().add(loop, ListenerState.REDIRECTS, 1);
                listener.state().generated(loop, redirect.status());
                answer(OwnAnswer.page(redirect.status(), new Redirects(head, listener, client.localAddress()).location(redirect)));
            }
        }
    }

    private void remember(RequestHead head, ListenerRoute listener) {
        minor = head.minor();
        boolean ambiguous = head.ambiguous() && listener.settings().strictness() == Strictness.DEFENSIVE && head.hasBody();
        keepAlive = head.keepsAlive() && !ambiguous;
        withBody = head.method() != Method.HEAD;
        upgrade = head.upgrades();
        requestDone = !head.hasBody();
        chunked = head.chunked();
        remaining = head.contentLength();
        chunks.reset();
        tries = 0;
        answering = sent = reused = unflushed = false;
        replayable = requestDone && head.method().idempotent() && !upgrade;
    }

    private void forward(RequestHead head, ListenerRoute listener, Forwarder forward) {
        GroupRoute chosen = forward.choose(loop, head);
        TargetState target = chosen == null ? null : chosen.choose(loop, head, null);
        if (chosen == null || target == null) {
            answer(503);
            return;
        }
        if (chosen.group().version() != TargetGroup.Version.HTTP1) {
            answer(464);
            return;
        }
        forwarder = forward;
        group = chosen;
        listener.state().add(loop, ListenerState.ROUTED, 1);
        ByteBuf out = client.ctx().alloc().directBuffer(head.end() + RequestWriter.ROOM);
        RequestWriter.write(head, listener, client, out);
        outgoing = out;
        attempt(target, chosen.group(), false);
    }

    /// @param fresh whether an idle connection will not do
    private void attempt(TargetState target, TargetGroup group, boolean fresh) {
        tries++;
        TargetOnLoop mine = target.on(loop);
        claim = mine;
        counters = mine.claim(this, java.util.Objects.requireNonNull(route).state());
        UpstreamConnection idle = fresh ? null : UpstreamConnection.reusable(mine, replayable);
        reused = idle != null;
        if (idle != null) {
            connected(idle);
        } else {
            upstream = UpstreamConnection.open(mine, group, this);
        }
    }

    /// A connection to the claimed target is there: the request leaves.
    void connected(UpstreamConnection connection) {
        upstream = connection;
        connection.attach(this);
        ByteBuf out = java.util.Objects.requireNonNull(outgoing);
        java.util.Objects.requireNonNull(counters).sent();
        sentAt = loop.nanos();
        sent = true;
        out.readerIndex(0);
        connection.write(out.retain());
        unflushed = true;
        client.process();
    }

    /// Nothing has left yet, so another target may do what this one could not, whatever the method.
    void unconnected(Throwable cause) {
        java.util.Objects.requireNonNull(counters).unconnected();
        TargetState failed = java.util.Objects.requireNonNull(claim).target();
        upstream = null;
        release();
        if (!retry(failed, false)) {
            answer(cause instanceof ConnectTimeoutException ? 504 : 502);
        }
    }

    /// Tries again under the routing of now, because the one the request began with may name targets that are gone.
    ///
    /// @param sameAllowed whether the target that failed may be tried once more, on a fresh connection
    private boolean retry(TargetState failed, boolean sameAllowed) {
        GroupRoute now = loop.routing().groups().get(java.util.Objects.requireNonNull(group).group().id());
        if (now == null || tries >= MAX_TRIES) {
            return false;
        }
        TargetState target = now.choose(loop, null, failed);
        if (sameAllowed && java.util.Arrays.asList(now.targets()).contains(failed)) {
            target = failed;
        }
        if (target == null || target == failed && !sameAllowed) {
            return false;
        }
        attempt(target, now.group(), true);
        return true;
    }

    /// Whether more of the request can be taken now.
    boolean takesBody() {
        return sent && !requestDone && upstream != null && upstream.writable();
    }

    /// Moves what belongs to this request on to the target.
    ///
    /// @param handOver called when `in` was passed on as a whole and now belongs to the target's connection
    void relayBody(ByteBuf in, Runnable handOver) {
        UpstreamConnection to = upstream;
        if (!sent || to == null || !to.writable()) {
            return;
        }
        int length = bodyLength(in);
        if (length < 0) {
            java.util.Objects.requireNonNull(route).state().add(loop, ListenerState.MALFORMED, 1);
            keepAlive = false;
            answer(400);
            return;
        }
        java.util.Objects.requireNonNull(route).state().add(loop, ListenerState.BYTES_IN, length);
        if (length == in.readableBytes()) {
            handOver.run();
            to.write(in);
        } else {
            to.write(in.readRetainedSlice(length));
        }
        unflushed = true;
        if (requestDone) {
            client.bodyDone();
        }
    }

    /// @return -1 for a body that cannot be read
    private int bodyLength(ByteBuf in) {
        if (chunked) {
            int length = chunks.scan(in, null);
            requestDone = chunks.done();
            return chunks.bad() ? -1 : length;
        }
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        requestDone = remaining == 0;
        return length;
    }

    void flushUpstream() {
        if (unflushed && upstream != null) {
            unflushed = false;
            upstream.flush();
        }
    }

    /// The target can take more again, or no more for now.
    void upstreamWritable() {
        client.process();
    }

    /// The target has begun to answer.
    ///
    /// @return how to pass the answer on
    ResponseRelay answered(ResponseHead head, ByteBuf in) {
        if (!head.interim()) {
            answering = true;
            java.util.Objects.requireNonNull(counters).answered(head.status(), loop.nanos() - sentAt);
            releaseOutgoing();
        }
        boolean goesOn = keepAlive && requestDone && client.goesOn();
        relay.begin(head, in, goesOn, minor, withBody, upgrade);
        return relay;
    }

    /// The answer is complete and its last bytes are written but for the flush: when the client has them, the claim is released.
    ///
    /// @param reusable whether the target's connection can carry another request
    void finished(boolean reusable, boolean goesOn) {
        UpstreamConnection connection = java.util.Objects.requireNonNull(upstream);
        upstream = null;
        boolean complete = requestDone;
        connection.detach(reusable && complete);
        release();
        client.flush();
        route = null;
        if (goesOn) {
            client.next();
        } else {
            client.closeAfterAnswer(!complete);
        }
    }

    /// The target closed or broke the connection before its answer was complete.
    void upstreamGone() {
        upstream = null;
        if (answering) {
            end();
            client.abort();
            return;
        }
        TargetState failed = java.util.Objects.requireNonNull(claim).target();
        boolean wasReused = reused;
        release();
        sent = false;
        if (!replayable || !retry(failed, wasReused)) {
            answer(502);
        }
    }

    /// The target closed the connection, and that is how its answer ends.
    void targetClosed(ResponseRelay answer) {
        answer.targetClosed();
    }

    boolean upgrades() {
        return upgrade;
    }

    void touch() {
        client.touched();
    }

    void flushClient() {
        client.flush();
    }

    /// Whether the client can be given more of the answer now.
    boolean clientTakes() {
        return client.writable();
    }

    /// What the target sent is not HTTP.
    void unreadable() {
        dropUpstream();
        if (answering) {
            end();
            client.abort();
        } else {
            answer(502);
        }
    }

    /// Nothing has moved for longer than the listener allows.
    ///
    /// @param inBody whether the request itself is incomplete
    void idle(boolean inBody) {
        if (answering) {
            dropUpstream();
            end();
            client.abort();
            return;
        }
        boolean clientsFault = inBody && sent && takesBody();
        keepAlive = false;
        answer(clientsFault ? 408 : 504);
    }

    void clientGone() {
        dropUpstream();
        end();
    }

    @Override
    public void cut() {
        if (answering) {
            dropUpstream();
            end();
            client.abort();
        } else {
            keepAlive = false;
            answer(502);
        }
    }

    void clientWritable(boolean writable) {
        if (upstream != null && sent) {
            upstream.reading(writable);
        }
    }

    /// Ends the exchange with an answer of our own, because of something that should not be.
    private void answer(int status) {
        java.util.Objects.requireNonNull(route).state().generated(loop, status);
        answer(OwnAnswer.page(status));
    }

    private void answer(OwnAnswer answer) {
        dropUpstream();
        release();
        boolean complete = requestDone;
        boolean close = !keepAlive || !complete || !client.goesOn();
        client.answer(answer, close, withBody);
        end();
        if (close) {
            client.closeAfterAnswer(!complete);
        } else {
            client.next();
        }
    }

    private void dropUpstream() {
        UpstreamConnection connection = upstream;
        upstream = null;
        if (connection != null) {
            connection.detach(false);
        }
    }

    private void end() {
        releaseOutgoing();
        release();
        sent = false;
        route = null;
    }

    private void release() {
        TargetOnLoop held = claim;
        if (held != null) {
            claim = null;
            held.release(this, java.util.Objects.requireNonNull(counters));
        }
    }

    private void releaseOutgoing() {
        if (outgoing != null) {
            outgoing.release();
            outgoing = null;
        }
    }

    @Nullable ListenerRoute route() {
        return route;
    }

    @Nullable ListenerState listener() {
        return route == null ? null : route.state();
    }

    @Nullable GroupRoute group() {
        return group;
    }

    @Nullable Forwarder forwarder() {
        return forwarder;
    }

    TargetOnLoop claimed() {
        return java.util.Objects.requireNonNull(claim);
    }

    /// Leaves HTTP behind: what follows on both connections is passed through, and the claim goes to the tunnel.
    void becomeTunnel(ByteBuf fromTarget) {
        UpstreamConnection connection = java.util.Objects.requireNonNull(upstream);
        Tunnel tunnel = new Tunnel(loop, client.ctx().channel(), connection.channel(), java.util.Objects.requireNonNull(route), client::ended);
        upstream = null;
        tunnel.takeOver(claimed(), java.util.Objects.requireNonNull(counters), this);
        claim = null;
        connection.leave();
        ByteBuf ahead = client.leave();
        tunnel.start(ahead, fromTarget);
        route = null;
    }

    @Override
    public int claimIndex() {
        return claimIndex;
    }

    @Override
    public void claimIndex(int index) {
        claimIndex = index;
    }
}
