package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Each [ClientSide] has one of these and uses it again and again.
///
/// [Dispatch] says where the request goes, [Attempt] holds what concerns the target. What may happen on either side, and what follows from it, is
/// here.
final class Exchange {
    private final ClientSide client;
    private final Loop loop;
    private final RequestFlow request = new RequestFlow();
    private final Dispatch dispatch;
    private final Attempt attempt;
    private final Relay relay;

    private @Nullable ListenerRoute route;
    private boolean answering;
    /// Of the running request; null when nobody wants it logged.
    private @Nullable ExchangeLog log;

    Exchange(ClientSide client, Loop loop) {
        this.client = client;
        this.loop = loop;
        this.dispatch = new Dispatch(client, loop, request);
        this.attempt = new Attempt(this, request, loop);
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
        attempt.begin();
        answering = false;
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
        listener.moved(loop, ListenerState.BYTES_IN, length, client.address().ipv6());
    }

    private void forward(RequestHead head, ListenerRoute listener) {
        ByteBuf out = client.alloc().directBuffer(head.end() + RequestWriter.ROOM);
        RequestWriter.write(head, listener, client, dispatch.rewritten(), out);
        attempt.keep(out);
        if (log != null) {
            log.forwarding(out);
        }
        ask(requireNonNull(dispatch.target()), requireNonNull(dispatch.group()), false);
    }

    /// @param fresh whether an idle connection will not do
    private void ask(TargetState target, GroupRoute to, boolean fresh) {
        if (log != null) {
            log.trying(target.target());
        }
        attempt.start(target, to, requireNonNull(route).state(), fresh);
    }

    /// @param connecting a connection that is being made, which may be another one than before; null when there may be none
    void waitsFor(@Nullable TargetSide connecting) {
        attempt.waitsFor(connecting);
        if (connecting == null) {
            refuse(503);
        }
    }

    /// A connection to the claimed target is there: the request leaves.
    void connected(TargetSide connection) {
        long now = attempt.connected(connection);
        if (log != null) {
            log.sent(now);
        }
        attempt.sendHead();
        client.process();
    }

    /// Nothing has left yet, so another target may do what this one could not, whatever the method.
    void unconnected(Throwable cause) {
        attempt.unconnected(cause);
        if (!retry(attempt.lost(), false)) {
            refuse(cause instanceof ConnectTimeoutException ? 504 : 502);
        }
    }

    /// Tries again under the routing of now, because the one the request began with may name targets that are gone.
    ///
    /// @param sameAllowed whether the target tried last is not to blame, and may be tried once more on a fresh connection
    private boolean retry(TargetState last, boolean sameAllowed) {
        GroupRoute now = loop.routing().groups().get(requireNonNull(dispatch.group()).group().id());
        TargetState target = now == null ? null : attempt.next(now, last, sameAllowed);
        if (now == null || target == null) {
            return false;
        }
        ask(target, now, true);
        return true;
    }

    /// Whether more of the request can be taken now.
    boolean takesBody() {
        return !request.complete() && attempt.takesBody();
    }

    /// Moves what belongs to this request on to the target.
    ///
    /// @param in where something waits
    void relayBody(Inlet in) {
        if (!attempt.takesBody()) {
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
        if (log != null) {
            log.received(length);
        }
        attempt.body(in.take(length));
        if (request.complete()) {
            client.bodyDone();
        }
    }

    /// Lets the kernel move what is there of a large body to the target.
    ///
    /// @return as [Outlet#move]
    int moveBody(Socket from) throws IOException {
        if (request.unseen() < KernelPipe.LEAST || !takesBody()) {
            return ReadSizes.NOT_TRIED;
        }
        int length = attempt.move(from, request.unseen());
        if (length <= 0) {
            return length;
        }
        received(requireNonNull(route).state(), length);
        if (log != null) {
            log.received(length);
        }
        request.took(length, false);
        if (request.complete()) {
            client.bodyDone();
        }
        return length;
    }

    /// Moves a piece of the body on that came without framing, while [#takesBody]; takes it over.
    ///
    /// @param last whether nothing follows
    void relayData(ByteBuf data, boolean last) {
        received(requireNonNull(route).state(), data.readableBytes());
        if (log != null) {
            log.received(data.readableBytes());
        }
        request.took(data.readableBytes(), last);
        attempt.data(data);
    }

    /// Nothing follows the body that came without framing, except perhaps trailers.
    void relayEnd(@Nullable Http2Headers trailers) {
        request.took(0, true);
        attempt.endBody(trailers);
    }

    void flushUpstream() {
        attempt.flush();
    }

    /// The target can take more again, or no more for now.
    void upstreamWritable() {
        client.process();
    }

    void clientWritable(boolean writable) {
        attempt.reading(writable);
    }

    /// The target has begun to answer.
    ///
    /// @param in what has arrived behind the head
    /// @return how to pass the answer on
    Relay answered(ResponseHead head, ByteBuf in, Relay.Ending ending) {
        if (!head.interim()) {
            answering = true;
            long now = loop.nanos();
            attempt.answered(head.status(), now);
            if (log != null) {
                log.answered(head.status(), now);
            }
        }
        relay.begin(head, in, request, request.keepsAlive() && request.complete() && client.goesOn(), ending);
        return relay;
    }

    /// The answer is complete and its last bytes are written but for the flush: when the client has them, the claim is released.
    ///
    /// @param reusable whether the target's connection can carry another request
    void finished(boolean reusable, boolean goesOn) {
        attempt.finish(reusable);
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
        TargetState failed = attempt.lost();
        if (answering) {
            breakOff();
            return;
        }
        if (log != null) {
            log.targetGone();
        }
        if (!request.replayable() || !retry(failed, attempt.reused())) {
            refuse(502);
        }
    }

    /// The target's side does not take a request like this.
    void declined(int status) {
        request.endConnection();
        refuse(status);
    }

    /// The request has not left, or the target says that it has done nothing about it: another may, whatever the method. A target that did so on a
    /// connection that was made for the request may well do it again, and is asked again only when nobody else is there. When something of the body
    /// was spent on it, or nobody takes it, it is for the client to send the request again, and where that can be said it learns that this does no
    /// harm.
    void unsent() {
        if (answering) {
            upstreamGone();
            return;
        }
        TargetState refusing = attempt.lost();
        if (!attempt.bodyMoved() && (retry(refusing, attempt.reused()) || retry(refusing, true))) {
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

    /// When something moved last, which is `known` or later: a target may take slowly what has left the client long ago.
    long lastMoved(long known, long now, long patience) {
        return attempt.lastMoved(known, now, patience);
    }

    /// Nothing has moved for longer than the listener allows.
    void idle() {
        if (!answering) {
            attempt.tooSlow();
        }
        request.endConnection();
        refuseOrBreakOff(takesBody() ? 408 : 504);
    }

    /// The time of the target that was asked is over.
    void cut() {
        request.endConnection();
        refuseOrBreakOff(502);
    }

    void clientGone() {
        if (attempt.claims() && !answering) {
            requireNonNull(route).state().generated(loop, 460);
        }
        end();
        relay.dropPending();
    }

    /// Something went wrong that should not be able to: whatever state this is in, the claim ends and so does the client's side.
    void broken() {
        breakOff();
    }

    /// Part of an answer is out and the rest will never come: all that can be done is to let the client see it.
    private void breakOff() {
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
        attempt.stop();
        boolean unread = !request.complete();
        boolean close = !request.keepsAlive() || unread || !client.goesOn();
        if (log != null) {
            // Before anything was forwarded, the loop's head is still this request's.
            log.answers(answer.status(), attempt.keepsHead() ? null : loop.requestHead());
        }
        client.answer(answer, close, request.wantsBody());
        end();
        if (close) {
            client.closeAfterAnswer(unread);
        } else {
            client.next();
        }
    }

    private void end() {
        attempt.end();
        logged();
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

    /// Leaves HTTP behind: what follows on both connections is passed through, and the claim goes to the tunnel.
    ///
    /// @param from   the client's connection: only HTTP/1.1 can be left
    /// @param target likewise
    void becomeTunnel(ClientConnection from, UpstreamConnection target, ByteBuf fromTarget) {
        Tunnel tunnel = new Tunnel(loop, from.channel(), target.channel(), requireNonNull(route), () -> {
            from.ended();
            target.ended();
        });
        attempt.passTo(tunnel);
        if (log != null) {
            tunnel.logTo(log);
            log = null;
        }
        route = null;
        target.leave();
        tunnel.start(from.leave(), fromTarget);
    }

    /// Bytes kept of the request: its head, until the answer begins, and what is kept for whoever is asked.
    long held() {
        return attempt.held();
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
        return attempt.claimed();
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
}
