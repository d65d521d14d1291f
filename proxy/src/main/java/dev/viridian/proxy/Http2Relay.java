package dev.viridian.proxy;

import dev.viridian.proxy.ResponseRelay.Body;
import dev.viridian.proxy.ResponseWriter.Connection;
import dev.viridian.proxy.ResponseWriter.Framing;
import dev.viridian.proxy.http.ChunkScanner;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.translation.Http2Lines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// The relay to a stream of HTTP/2: the head a client of HTTP/1.1 would get as HEADERS, the body without its framing as DATA.
///
/// A stream can be closed under the hands of whoever writes to it; its exchange has ended then, and what still comes is dropped.
final class Http2Relay implements Relay {
    private static final int ROOM_FOR_COOKIES = 1024;

    private final Exchange exchange;
    private final Http2ClientStream client;
    private final AnswerHead heads;
    private final ChunkScanner chunks = new ChunkScanner(true);
    private Body body = Body.NONE;
    private long remaining;
    private boolean keepsAlive;

    Http2Relay(Exchange exchange, Http2ClientStream client, Loop loop) {
        this.exchange = exchange;
        this.client = client;
        this.heads = new AnswerHead(exchange, loop);
    }

    @Override
    public void begin(ResponseHead head, ByteBuf in, RequestFlow request, boolean goesOn, Ending ending) {
        if (!head.interim()) {
            chunks.reset();
            Body said = ending == Ending.AT_ONCE ? Body.NONE : ResponseRelay.bodyOf(head, request.wantsBody());
            body = ending == Ending.WITH_STREAM && said == Body.LENGTH ? Body.UNTIL_CLOSE : said;
            remaining = said == Body.LENGTH ? head.contentLength() : 0;
            keepsAlive = head.keepsAlive();
        }
        ByteBuf out = client.alloc().heapBuffer(head.end() + ResponseWriter.ROOM + ROOM_FOR_COOKIES);
        heads.write(head, Framing.AS_IT_CAME, Connection.UNSAID, !head.interim(), out);
        client.headers(out, !head.interim() && body == Body.NONE);
    }

    @Override
    public boolean tunnels() {
        return false;
    }

    @Override
    public void passHead() {
        throw new IllegalStateException("a stream is never left to foreign bytes");
    }

    @Override
    public boolean endsWithConnection() {
        return body == Body.UNTIL_CLOSE;
    }

    @Override
    public boolean pass(ByteBuf in) {
        if (client.gone()) {
            in.release();
            return false;
        }
        return switch (body) {
            case NONE -> passLast(in, 0);
            case LENGTH -> passLength(in);
            case CHUNKED -> passChunks(in);
            case UNTIL_CLOSE -> {
                remaining -= in.readableBytes();
                emit(in, false);
                client.flush();
                yield true;
            }
        };
    }

    private boolean passLength(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        if (remaining == 0) {
            return passLast(in, length);
        }
        emit(in, false);
        client.flush();
        return true;
    }

    private boolean passLast(ByteBuf in, int length) {
        boolean clean = in.readableBytes() == length;
        if (body == Body.NONE) {
            in.release();
        } else {
            in.writerIndex(in.readerIndex() + length);
            emit(in, true);
        }
        end(clean);
        return false;
    }

    private boolean passChunks(ByteBuf in) {
        ByteBuf data = client.alloc().directBuffer(Math.max(16, in.readableBytes()));
        int length = chunks.scan(in, data);
        boolean clean = in.readableBytes() == length;
        in.release();
        if (chunks.bad()) {
            data.release();
            exchange.unreadable();
            return false;
        }
        if (!chunks.done()) {
            emit(data, false);
            client.flush();
            return true;
        }
        byte[] trailers = chunks.trailers();
        emit(data, trailers.length == 0);
        if (trailers.length > 0) {
            client.trailers(Http2Lines.trailers(Unpooled.wrappedBuffer(trailers)));
        }
        end(clean);
        return false;
    }

    private void emit(ByteBuf data, boolean last) {
        if (data.isReadable() || last) {
            client.data(data, last);
        } else {
            data.release();
        }
    }

    @Override
    public void targetClosed(@Nullable Http2Headers trailers) {
        if (client.gone()) {
            return;
        }
        if (remaining > 0) {
            // Less than was announced: must not look complete.
            exchange.unreadable();
            return;
        }
        if (trailers == null || trailers.isEmpty()) {
            client.data(Unpooled.EMPTY_BUFFER, true);
        } else {
            client.trailers(trailers);
        }
        end(false);
    }

    /// @param clean whether nothing came behind the answer
    private void end(boolean clean) {
        if (!client.gone()) {
            exchange.finished(clean && keepsAlive && body != Body.UNTIL_CLOSE, exchange.requestComplete());
        }
    }

    @Override
    public void dropPending() {
        // Nothing is held back here: what the stream's window does not let through is the codec's to drop when the stream is reset.
    }
}
