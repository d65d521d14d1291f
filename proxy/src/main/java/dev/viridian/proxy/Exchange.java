package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2Headers;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Each [ClientSide] has one of these and uses it again and again.
///
/// The rule of the house is *claim, then send*: the target is chosen under the snapshot of that moment and counted as in flight in the same step,
/// before a byte leaves; the claim ends with the exchange. A target that has left the routing can therefore be watched until nobody holds a claim on
/// it.
final class Exchange implements TargetOnLoop.Claimant {
    private final ClientSide client;
    private final Loop loop;
    private final RequestFlow request = new RequestFlow();
    private final Dispatch dispatch;
    private final Tries tries = new Tries();
    private final Relay relay;

    private @Nullable ListenerRoute route;
    private @Nullable TargetOnLoop claim;
    private @Nullable TargetCounters counters;
    private @Nullable TargetSide upstream;
    /// The head for the target, kept until the answer begins in case it must be sent again.
    private @Nullable ByteBuf outgoing;
    private int claimIndex;
    private boolean reused;
    private boolean sent;
    private boolean answering;
    private boolean unflushed;
    private boolean bodyMoved;
    private long sentAt;
    /// Of the running request; null when nobody wants it logged.
    private @Nullable ExchangeLog log;

    Exchange(ClientSide client, Loop loop) {
        this.client = client;
        this.loop = loop;
        this.dispatch = new Dispatch(client, loop, request);
        this.relay = client.relay(this);
    }

    void begin(RequestHead head) {
        PortRoute port = loop.routing().port(client.socket().key());
        if (port == null) {
            client.close();
            return;
        }
        ListenerRoute listener = port.choose(head);
        route = listener;
        tries.begin();
        answering = sent = reused = unflushed = bodyMoved = false;
        request.begin(head, listener.settings().strictness());
        log = listener.logsRequests() ? new ExchangeLog(head, listener, client) : null;
        listener.state().add(loop, ListenerState.REQUESTS, 1);
        received(listener.state(), head.end());
        if (client.address().ipv6()) {
            listener.state().add(loop, ListenerState.IPV6_REQUESTS, 1);
        }
        OwnAnswer own = dispatch.choose(head, listener, log);
        if (own == null) {
            forward(head, listener);
        } else {
            answer(own);
        }
    }

    private void received(ListenerState listener, int length) {
        listener.add(loop, ListenerState.BYTES_IN, length);
        if (client.address().ipv6()) {
            listener.add(loop, ListenerState.IPV6_BYTES, length);
        }
    }

    private void forward(RequestHead head, ListenerRoute listener) {
        ByteBuf out = client.alloc().directBuffer(head.end() + RequestWriter.ROOM);
        RequestWriter.write(head, listener, client, dispatch.rewritten(), out);
        outgoing = out;
        if (log != null) {
            log.forwarding(out);
        }
        attempt(requireNonNull(dispatch.target()), requireNonNull(dispatch.group()), false);
    }

    /// @param fresh whether an idle connection will not do
    private void attempt(TargetState target, GroupRoute to, boolean fresh) {
        tries.made();
        TargetOnLoop mine = target.on(loop);
        claim = mine;
        TargetCounters counting = mine.claim(this, requireNonNull(route).state());
        counters = counting;
        if (to.failsOpen()) {
            counting.routedToUnhealthy();
        }
        if (log != null) {
            log.trying(target.target());
        }
        boolean calls = target.target().isFunction();
        boolean streams = to.group().version() != TargetGroup.Version.HTTP1;
        TargetSide ready = fresh || calls ? null
                : streams ? Http2TargetConnection.ready(mine) : UpstreamConnection.reusable(mine, request.replayable());
        reused = ready != null;
        if (ready != null) {
            connected(ready);
        } else if (calls) {
            connected(new FunctionCall(loop, to.group().id(), target.target()));
        } else if (streams) {
            waitsFor(Http2TargetConnection.open(mine, to.group(), this, counting));
        } else {
            waitsFor(loop.admission().mayReachTarget(loop) ? UpstreamConnection.open(mine, to.group(), this, counting) : null);
        }
    }

    /// @param connecting a connection that is being made, which may be another one than before; null when there may be none
    void waitsFor(@Nullable TargetSide connecting) {
        upstream = connecting;
        if (connecting == null) {
            refuse(503);
        }
    }

    /// A connection to the claimed target is there: the request leaves.
    void connected(TargetSide connection) {
        upstream = connection;
        connection.attach(this);
        requireNonNull(counters).sent();
        sentAt = loop.nanos();
        sent = true;
        if (log != null) {
            log.sent(sentAt);
        }
        ByteBuf out = requireNonNull(outgoing).readerIndex(0);
        connection.head(out.retain(), request.complete());
        unflushed = true;
        client.process();
    }

    /// Nothing has left yet, so another target may do what this one could not, whatever the method.
    void unconnected(Throwable cause) {
        if (cause instanceof SSLException) {
            requireNonNull(counters).notEncrypted();
        } else {
            requireNonNull(counters).unconnected();
        }
        TargetState failed = requireNonNull(claim).target();
        upstream = null;
        release();
        if (!retry(failed, false)) {
            refuse(cause instanceof ConnectTimeoutException ? 504 : 502);
        }
    }

    /// Tries again under the routing of now, because the one the request began with may name targets that are gone.
    ///
    /// @param sameAllowed whether the target tried last is not to blame, and may be tried once more on a fresh connection
    private boolean retry(TargetState last, boolean sameAllowed) {
        GroupRoute now = loop.routing().groups().get(requireNonNull(dispatch.group()).group().id());
        TargetState target = now == null ? null : tries.next(loop, now, last, sameAllowed);
        if (now == null || target == null) {
            return false;
        }
        attempt(target, now, true);
        return true;
    }

    /// Whether more of the request can be taken now.
    boolean takesBody() {
        return sent && !request.complete() && upstream != null && upstream.writable();
    }

    /// Moves what belongs to this request on to the target.
    ///
    /// @param in where something waits
    void relayBody(Inlet in) {
        TargetSide to = upstream;
        if (!sent || to == null || !to.writable()) {
            return;
        }
        ListenerState listener = requireNonNull(route).state();
        int length = request.take(requireNonNull(in.next()));
        if (length < 0) {
            listener.add(loop, ListenerState.MALFORMED, 1);
            request.endConnection();
            refuseOrBreakOff(400);
            return;
        }
        received(listener, length);
        bodyMoved = true;
        if (log != null) {
            log.received(length);
        }
        to.body(in.take(length));
        unflushed = true;
        if (request.complete()) {
            client.bodyDone();
        }
    }

    /// Lets the kernel move what is there of a large body to the target.
    ///
    /// @return whether anything was there
    boolean moveBody(Socket from) {
        if (request.unseen() < KernelPipe.LEAST || !takesBody() || !(upstream instanceof UpstreamConnection to)) {
            return false;
        }
        int length = to.move(from, request.unseen());
        if (length == 0) {
            return false;
        }
        received(requireNonNull(route).state(), length);
        if (log != null) {
            log.received(length);
        }
        bodyMoved = true;
        request.took(length, false);
        if (request.complete()) {
            client.bodyDone();
        }
        return true;
    }

    /// Moves a piece of the body on that came without framing, while [#takesBody]; takes it over.
    ///
    /// @param last whether nothing follows
    void relayData(ByteBuf data, boolean last) {
        received(requireNonNull(route).state(), data.readableBytes());
        if (log != null) {
            log.received(data.readableBytes());
        }
        bodyMoved = true;
        request.took(data.readableBytes(), last);
        requireNonNull(upstream).data(data, request.chunked(), request.complete());
        unflushed = true;
    }

    /// Nothing follows the body that came without framing, except perhaps trailers.
    void relayEnd(@Nullable Http2Headers trailers) {
        bodyMoved |= trailers != null;
        request.took(0, true);
        requireNonNull(upstream).end(request.chunked(), trailers);
        unflushed = true;
    }

    void flushUpstream() {
        if (!unflushed || upstream == null) {
            return;
        }
        unflushed = false;
        if (reused && !request.replayable()) {
            // The connection was seen open a moment ago. The sooner this leaves, the less can have happened since.
            upstream.flushNow();
        } else {
            upstream.flush();
        }
    }

    /// The target can take more again, or no more for now.
    void upstreamWritable() {
        client.process();
    }

    void clientWritable(boolean writable) {
        if (upstream != null && sent) {
            upstream.reading(writable);
        }
    }

    /// The target has begun to answer.
    ///
    /// @param in what has arrived behind the head
    /// @return how to pass the answer on
    Relay answered(ResponseHead head, ByteBuf in, Relay.Ending ending) {
        if (!head.interim()) {
            answering = true;
            long now = loop.nanos();
            requireNonNull(counters).answered(head.status(), now - sentAt);
            if (log != null) {
                log.answered(head.status(), now);
            }
            releaseOutgoing();
        }
        relay.begin(head, in, request, request.keepsAlive() && request.complete() && client.goesOn(), ending);
        return relay;
    }

    /// The answer is complete and its last bytes are written but for the flush: when the client has them, the claim is released.
    ///
    /// @param reusable whether the target's connection can carry another request
    void finished(boolean reusable, boolean goesOn) {
        TargetSide connection = requireNonNull(upstream);
        upstream = null;
        connection.detach(reusable && request.complete() && !request.ambiguous());
        release();
        client.flush();
        logged();
        route = null;
        if (goesOn) {
            client.next();
        } else {
            client.closeAfterAnswer(!request.complete());
        }
    }

    /// The target closed or broke the connection before its answer was complete.
    void upstreamGone() {
        upstream = null;
        if (answering) {
            breakOff();
            return;
        }
        if (log != null) {
            log.targetGone();
        }
        TargetState failed = requireNonNull(claim).target();
        boolean wasReused = reused;
        release();
        sent = false;
        if (!request.replayable() || !retry(failed, wasReused)) {
            refuse(502);
        }
    }

    /// The target's side does not take a request like this.
    void declined(int status) {
        request.endConnection();
        refuse(status);
    }

    /// The request has not left, or the target says that it has done nothing about it: another may, whatever the method. When something of the body was
    /// spent on it, or nobody else is there, it is for the client to send the request again, and where that can be said it learns that this does no harm.
    void unsent() {
        if (answering) {
            upstreamGone();
            return;
        }
        upstream = null;
        TargetState refusing = requireNonNull(claim).target();
        release();
        sent = false;
        if (!bodyMoved && retry(refusing, true)) {
            return;
        }
        if (log != null) {
            log.targetGone();
        }
        if (client.canBeHandedBack()) {
            handBack();
        } else {
            refuse(502);
        }
    }

    /// The client gets no answer, and knows that nothing was done. It counts as 502, because who never tries again has met just that.
    private void handBack() {
        requireNonNull(route).state().generated(loop, 502);
        if (log != null) {
            log.answers(502, null);
        }
        end();
        client.close();
    }

    /// Why there will be no answer, in the words of whoever was asked.
    void failed(String reason) {
        if (log != null) {
            log.failed(reason);
        }
    }

    /// What the target sent is not HTTP.
    void unreadable() {
        if (log != null && !answering) {
            log.targetGone();
        }
        refuseOrBreakOff(502);
    }

    /// Nothing has moved for longer than the listener allows.
    void idle() {
        if (upstream != null && !answering) {
            upstream.tooSlow();
        }
        request.endConnection();
        refuseOrBreakOff(takesBody() ? 408 : 504);
    }

    @Override
    public void cut() {
        request.endConnection();
        refuseOrBreakOff(502);
    }

    void clientGone() {
        if (claim != null && !answering) {
            requireNonNull(route).state().generated(loop, 460);
        }
        dropUpstream();
        end();
        relay.dropPending();
    }

    /// Something went wrong that should not be able to: whatever state this is in, the claim ends and so does the client's side.
    void broken() {
        breakOff();
    }

    /// Part of an answer is out and the rest will never come: all that can be done is to let the client see it.
    private void breakOff() {
        dropUpstream();
        end();
        relay.dropPending();
        client.abort();
    }

    /// Of an answer that has begun the rest is kept back: a page of ours behind it would be taken for its body.
    private void refuseOrBreakOff(int status) {
        if (answering) {
            breakOff();
        } else {
            refuse(status);
        }
    }

    /// Ends the exchange with an answer of our own, because of something that should not be.
    private void refuse(int status) {
        requireNonNull(route).state().generated(loop, status);
        answer(OwnAnswer.page(status));
    }

    private void answer(OwnAnswer answer) {
        dropUpstream();
        release();
        boolean unread = !request.complete();
        boolean close = !request.keepsAlive() || unread || !client.goesOn();
        if (log != null) {
            // Before anything was forwarded, the loop's head is still this request's.
            log.answers(answer.status(), outgoing == null ? loop.requestHead() : null);
        }
        client.answer(answer, close, request.wantsBody());
        end();
        if (close) {
            client.closeAfterAnswer(unread);
        } else {
            client.next();
        }
    }

    private void dropUpstream() {
        TargetSide connection = upstream;
        upstream = null;
        if (connection != null) {
            connection.detach(false);
        }
    }

    private void end() {
        releaseOutgoing();
        release();
        logged();
        sent = false;
        route = null;
    }

    private void logged() {
        ExchangeLog mine = log;
        if (mine != null) {
            log = null;
            mine.end();
        }
    }

    /// Something of the answer was written to the client.
    void wrote(int bytes) {
        if (log != null) {
            log.wrote(bytes);
        }
    }

    private void release() {
        TargetOnLoop held = claim;
        if (held != null) {
            claim = null;
            held.release(this, requireNonNull(counters));
        }
    }

    private void releaseOutgoing() {
        if (outgoing != null) {
            outgoing.release();
            outgoing = null;
        }
    }

    /// Leaves HTTP behind: what follows on both connections is passed through, and the claim goes to the tunnel.
    ///
    /// @param from   the client's connection: only HTTP/1.1 can be left
    /// @param target likewise
    void becomeTunnel(ClientConnection from, UpstreamConnection target, ByteBuf fromTarget) {
        Tunnel tunnel = new Tunnel(loop, from.channel(), target.channel(), requireNonNull(route), () -> {
            from.ended();
            target.ended();
        });
        tunnel.takeOver(claimed(), requireNonNull(counters), this);
        if (log != null) {
            tunnel.logTo(log);
            log = null;
        }
        upstream = null;
        claim = null;
        route = null;
        target.leave();
        tunnel.start(from.leave(), fromTarget);
    }

    /// Bytes kept of the request: its head, until the answer begins, and what whoever is asked collects.
    long held() {
        return (outgoing == null ? 0 : outgoing.capacity()) + (upstream == null ? 0 : upstream.collected());
    }

    /// Whether the last answer looks complete to the client as soon as its connection closes.
    boolean answerEndsByClosing() {
        return answering && relay.endsByClosing();
    }

    /// Under which listener the current request runs; null between requests.
    @Nullable ListenerRoute route() {
        return route;
    }

    /// How the current request came to its target.
    Dispatch dispatch() {
        return dispatch;
    }

    TargetOnLoop claimed() {
        return requireNonNull(claim);
    }

    ClientSide client() {
        return client;
    }

    /// Whether all of the request has been passed on.
    boolean requestComplete() {
        return request.complete();
    }

    /// Whether the answer may have a body, as far as the request says.
    boolean wantsBody() {
        return request.wantsBody();
    }

    boolean upgrades() {
        return request.upgrades();
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
