package dev.viridian.proxy;

import static java.util.Objects.requireNonNull;

import dev.viridian.proxy.ResponseWriter.Connection;
import dev.viridian.proxy.ResponseWriter.Framing;
import dev.viridian.proxy.http.ChunkScanner;
import dev.viridian.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The relay to an HTTP/1.1 client: the target's bytes as they came, wherever the client can read them.
final class ResponseRelay implements Relay {
    /// Bodies up to this size travel in the same buffer as their head.
    private static final int SMALL = 8 * 1024;
    private static final int CHUNK_ROOM = 16;

    enum Body { NONE, LENGTH, CHUNKED, UNTIL_CLOSE }

    private final Exchange exchange;
    private final ClientSide client;
    private final AnswerHead heads;
    private final ChunkScanner chunks = new ChunkScanner();
    /// Head that has not been given to the client's connection yet.
    private @Nullable ByteBuf pending;
    private Body body = Body.NONE;
    private Framing framing = Framing.AS_IT_CAME;
    private long remaining;
    private boolean keepsAlive;
    private boolean goesOn;
    private boolean tunnel;

    ResponseRelay(Exchange exchange, ClientSide client, Loop loop) {
        this.exchange = exchange;
        this.client = client;
        this.heads = new AnswerHead(exchange, loop);
    }

    @Override
    public void begin(ResponseHead head, ByteBuf in, RequestFlow request, boolean goesOn, Ending ending) {
        tunnel = head.status() == 101 && request.upgrades();
        if (head.interim()) {
            if (request.minor() == 1) {
                client.write(headBuffer(head, 0, Connection.UNSAID));
            }
            return;
        }
        boolean old = request.minor() == 0;
        chunks.reset();
        keepsAlive = head.keepsAlive();
        remaining = head.contentLength();
        body = bodyOf(head, request.wantsBody());
        framing = framingFor(head, body, old);
        this.goesOn = goesOn && (body != Body.UNTIL_CLOSE || !old) && framing != Framing.REMOVE_CHUNKED;
        Connection connection = tunnel ? Connection.UPGRADE : !this.goesOn ? Connection.CLOSE : old ? Connection.KEEP_ALIVE : Connection.UNSAID;
        int room = body == Body.NONE ? 0 : Math.min(SMALL, in.readableBytes()) + CHUNK_ROOM;
        pending = headBuffer(head, room, connection);
    }

    static Body bodyOf(ResponseHead head, boolean withBody) {
        if (!withBody || !head.allowsBody() || head.contentLength() == 0) {
            return Body.NONE;
        }
        return head.chunked() ? Body.CHUNKED : head.contentLength() > 0 ? Body.LENGTH : Body.UNTIL_CLOSE;
    }

    /// An HTTP/1.0 client cannot read chunks; to any other, a body that ends with its connection becomes chunked, so that its end can be told from a
    /// failure.
    private static Framing framingFor(ResponseHead head, Body body, boolean old) {
        if (old && head.chunked()) {
            return Framing.REMOVE_CHUNKED;
        }
        return !old && body == Body.UNTIL_CLOSE ? Framing.ADD_CHUNKED : Framing.AS_IT_CAME;
    }

    private ByteBuf headBuffer(ResponseHead head, int room, Connection connection) {
        ByteBuf out = client.alloc().directBuffer(head.end() + ResponseWriter.ROOM + room);
        heads.write(head, head.interim() ? Framing.AS_IT_CAME : framing, connection, !head.interim() && !tunnel, out);
        return out;
    }

    @Override
    public boolean tunnels() {
        return tunnel;
    }

    @Override
    public void passHead() {
        client.write(requireNonNull(pending));
        pending = null;
        client.flush();
    }

    @Override
    public boolean endsWithConnection() {
        return body == Body.UNTIL_CLOSE;
    }

    @Override
    public boolean endsByClosing() {
        return framing == Framing.REMOVE_CHUNKED || framing == Framing.AS_IT_CAME && body == Body.UNTIL_CLOSE;
    }

    @Override
    public boolean pass(ByteBuf in) {
        return switch (body) {
            case NONE -> complete(in, 0);
            case LENGTH -> passLength(in);
            case CHUNKED -> passChunks(in);
            case UNTIL_CLOSE -> passRest(in);
        };
    }

    private boolean passLength(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        if (remaining == 0) {
            return complete(in, length);
        }
        emit(in, length);
        client.flush();
        return true;
    }

    @Override
    public long unseen() {
        return body == Body.LENGTH ? remaining : -1;
    }

    @Override
    public void passed(int length) {
        remaining -= length;
    }

    @Override
    public void passedAll() {
        end(true);
    }

    private boolean passChunks(ByteBuf in) {
        boolean unwrap = framing == Framing.REMOVE_CHUNKED;
        ByteBuf data = unwrap ? client.alloc().directBuffer(Math.max(16, in.readableBytes())) : null;
        int length = chunks.scan(in, data);
        if (chunks.bad()) {
            in.release();
            if (data != null) {
                data.release();
            }
            exchange.unreadable();
            return false;
        }
        int left = in.readableBytes() - length;
        if (data != null) {
            in.release();
            emit(data, data.readableBytes());
        } else {
            emit(in, length);
        }
        if (chunks.done()) {
            end(left == 0);
            return false;
        }
        client.flush();
        return true;
    }

    private boolean passRest(ByteBuf in) {
        int length = in.readableBytes();
        if (framing == Framing.ADD_CHUNKED && length > 0) {
            ByteBuf size = Unpooled.copiedBuffer(Integer.toHexString(length) + "\r\n", StandardCharsets.US_ASCII);
            emit(size, size.readableBytes());
            emit(in, length);
            ByteBuf line = Unpooled.copiedBuffer("\r\n", StandardCharsets.US_ASCII);
            emit(line, 2);
        } else {
            emit(in, length);
        }
        client.flush();
        return true;
    }

    @Override
    public void targetClosed(@Nullable Http2Headers trailers) {
        if (framing == Framing.ADD_CHUNKED) {
            ByteBuf last = Unpooled.copiedBuffer("0\r\n\r\n", StandardCharsets.US_ASCII);
            emit(last, last.readableBytes());
        }
        end(false);
    }

    private boolean complete(ByteBuf in, int length) {
        int left = in.readableBytes() - length;
        emit(in, length);
        end(left == 0);
        return false;
    }

    private void end(boolean clean) {
        flushPending();
        exchange.finished(clean && keepsAlive && body != Body.UNTIL_CLOSE, goesOn);
    }

    /// Gives the first `length` bytes of `in` to the client, behind a pending head, and takes `in` over.
    private void emit(ByteBuf in, int length) {
        ByteBuf head = pending;
        if (head != null && length <= SMALL && length <= head.writableBytes()) {
            head.writeBytes(in, length);
            in.release();
            flushPending();
            return;
        }
        flushPending();
        if (length == 0) {
            in.release();
        } else {
            client.write(length == in.readableBytes() ? in : slice(in, length));
        }
    }

    private static ByteBuf slice(ByteBuf in, int length) {
        ByteBuf slice = in.readRetainedSlice(length);
        in.release();
        return slice;
    }

    private void flushPending() {
        ByteBuf head = pending;
        if (head != null) {
            pending = null;
            client.write(head);
        }
    }

    @Override
    public void dropPending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
