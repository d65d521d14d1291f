package dev.viridian.proxy;

import dev.viridian.proxy.FunctionTargets.Answer;
import dev.viridian.proxy.FunctionTargets.Fault;
import dev.viridian.proxy.FunctionTargets.Header;
import dev.viridian.proxy.FunctionTargets.NoAnswer;
import dev.viridian.proxy.FunctionTargets.Request;
import dev.viridian.proxy.http.ChunkScanner;
import dev.viridian.proxy.http.Fields;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.routing.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A function as the target of one exchange: the request is collected whole, then the function is called away from the loop, and its answer is read
/// here as if a target had sent it.
final class FunctionCall implements TargetSide {
    /// A function gets its request whole, so it must not be larger than somebody may hold in memory. Source: ELB's limit for Lambda targets.
    private static final int MOST_BODY = 1 << 20;
    private static final int MOST_HEAD = 32 * 1024;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Loop loop;
    private final String group;
    private final Target target;
    private final RequestHead head = new RequestHead();
    private final ChunkScanner chunks = new ChunkScanner();
    private ByteBuf body = Unpooled.buffer(0, Integer.MAX_VALUE);
    private @Nullable Exchange exchange;
    private boolean ended;

    FunctionCall(Loop loop, String group, Target target) {
        this.loop = loop;
        this.group = group;
        this.target = target;
    }

    @Override
    public void attach(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void head(ByteBuf head, boolean complete) {
        try {
            takeHead(head);
        } finally {
            head.release();
        }
    }

    @Override
    public void body(ByteBuf framed) {
        try {
            takeBody(framed);
        } finally {
            framed.release();
        }
    }

    @Override
    public void data(ByteBuf data, boolean chunked, boolean last) {
        try {
            if (!ended) {
                body.writeBytes(data);
                bodyGrew(last);
            }
        } finally {
            data.release();
        }
    }

    @Override
    public void end(boolean chunked, @Nullable Http2Headers trailers) {
        if (!ended) {
            invoke();
        }
    }

    /// The head is one we have written ourselves, so it can be read.
    private void takeHead(ByteBuf out) {
        byte[] bytes = new byte[out.readableBytes() + 2];
        out.readBytes(bytes, 0, bytes.length - 2);
        head.read(bytes, 0, bytes.length - 2);
        if (head.contentLength() > MOST_BODY) {
            decline(Fault.REQUEST_TOO_LARGE, 413);
        } else if (!head.hasBody()) {
            invoke();
        } else if (head.expectsContinue()) {
            later(this::askForBody);
        }
    }

    private void takeBody(ByteBuf framed) {
        if (ended) {
            return;
        }
        if (head.chunked()) {
            chunks.scan(framed, body);
        } else {
            body.writeBytes(framed, framed.readerIndex(), framed.readableBytes());
        }
        bodyGrew(head.chunked() ? chunks.done() : body.readableBytes() >= head.contentLength());
    }

    private void bodyGrew(boolean complete) {
        if (body.readableBytes() > MOST_BODY) {
            decline(Fault.REQUEST_TOO_LARGE, 413);
        } else if (complete) {
            invoke();
        }
    }

    private void decline(Fault fault, int status) {
        ended = true;
        body = Unpooled.EMPTY_BUFFER;
        later(exchange -> {
            exchange.failed(fault(fault));
            exchange.declined(status);
        });
    }

    private String fault(Fault fault) {
        return loop.functions().failed(group, fault);
    }

    @Override
    public void tooSlow() {
        if (ended && exchange != null) {
            exchange.failed(fault(Fault.TOO_SLOW));
        }
    }

    private void askForBody(Exchange exchange) {
        answered(exchange, Unpooled.wrappedBuffer(CONTINUE));
        exchange.client().flush();
    }

    private void invoke() {
        int length = body.readableBytes();
        if (!loop.calls().begin(length)) {
            decline(Fault.TOO_MANY_CALLS, 503);
            return;
        }
        ended = true;
        Request request = request();
        body = Unpooled.EMPTY_BUFFER;
        FunctionTargets functions = loop.functions();
        call(loop, group, () -> functions.call(group, target.id(), request), answer -> {
            loop.calls().ended(length);
            withExchange(exchange -> answered(exchange, answer));
        }, reason -> {
            loop.calls().ended(length);
            withExchange(exchange -> {
                exchange.failed(reason);
                exchange.unreadable();
            });
        });
    }

    @Override
    public long kept() {
        return body.capacity();
    }

    /// Calls a function on a thread of its own; one of the two is called on the loop when it is done.
    ///
    /// @param failed hears why, as far as that is known
    static void call(Loop loop, String group, Callable<Answer> function, Consumer<Answer> answered, Consumer<String> failed) {
        Thread.ofVirtual().name("function of " + group).start(() -> {
            Runnable done = () -> failed.accept("");
            try {
                Answer answer = function.call();
                done = () -> answered.accept(answer);
            } catch (NoAnswer e) {
                done = () -> failed.accept(e.reason());
            } catch (Exception e) {
                Proxy.LOG.debug("A function of group {} gave no answer", group, e);
            } finally {
                handBack(loop, done);
            }
        });
    }

    /// A loop that has been shut down waits for nobody.
    private static void handBack(Loop loop, Runnable done) {
        if (!loop.eventLoop().isShuttingDown()) {
            loop.eventLoop().execute(done);
        }
    }

    /// Not from within what the exchange is just doing.
    private void later(Consumer<Exchange> action) {
        loop.eventLoop().execute(() -> withExchange(action));
    }

    /// Only if the exchange still waits for us.
    private void withExchange(Consumer<Exchange> action) {
        Exchange waiting = exchange;
        if (waiting != null) {
            waiting.client().touched();
            action.accept(waiting);
        }
    }

    private Request request() {
        String whole = text(head.pathFrom(), head.targetTo());
        int question = whole.indexOf('?');
        List<Header> headers = new ArrayList<>(head.count());
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) != Fields.TRANSFER_ENCODING && head.kind(i) != Fields.CONNECTION && head.kind(i) != Fields.EXPECT) {
                headers.add(new Header(text(head.nameFrom(i), head.nameTo(i)), text(head.valueFrom(i), head.valueTo(i))));
            }
        }
        return new Request(text(head.methodFrom(), head.methodTo()), question < 0 ? whole : whole.substring(0, question),
                question < 0 ? "" : whole.substring(question + 1), headers, ByteBufUtil.getBytes(body));
    }

    private String text(int from, int to) {
        return new String(head.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void answered(Exchange exchange, Answer answer) {
        try {
            answered(exchange, FunctionAnswers.written(answer));
        } catch (IllegalArgumentException e) {
            Proxy.LOG.warn("Function {} of group {} answered what cannot be passed on, so the client gets 502: {}", target.id(), group, e.getMessage());
            exchange.failed(fault(Fault.UNFIT_ANSWER));
            exchange.unreadable();
        }
    }

    private void answered(Exchange exchange, ByteBuf message) {
        ResponseHead answer = loop.responseHead();
        int length = Math.min(message.readableBytes(), MOST_HEAD);
        message.getBytes(message.readerIndex(), loop.scratch(), 0, length);
        if (answer.read(loop.scratch(), 0, length) != null) {
            message.release();
            exchange.failed(fault(Fault.UNFIT_ANSWER));
            exchange.unreadable();
            return;
        }
        message.skipBytes(answer.end());
        Relay relay = exchange.answered(answer, message, Relay.Ending.AS_SAID);
        if (answer.interim()) {
            message.release();
        } else {
            relay.pass(message);
        }
    }

    @Override
    public void flush() {
        // Everything is taken as it comes.
    }

    @Override
    public boolean writable() {
        return !ended;
    }

    @Override
    public void reading(boolean reading) {
        // The answer comes whole.
    }

    @Override
    public void detach(boolean reusable) {
        exchange = null;
    }
}
