package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.http.Ascii;
import dev.viridian.proxy.http.RequestHead;
import dev.viridian.proxy.http.ResponseHead;
import dev.viridian.proxy.tls.TlsProvider;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One event loop and what belongs to it alone: scratch space, its view of time, its connections. Everything here is used on that loop's thread only.
final class Loop {
    /// How exact idle timeouts are.
    static final int TICK_MILLIS = 250;
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * TICK_MILLIS);
    /// So many in a row may be late without anybody being judged.
    private static final int MOST_LATE_TICKS = 4;
    /// Longest head read: request line and all headers.
    static final int MAX_HEAD = 64 * 1024;

    /// What may wait to be logged: some hundred thousand requests a second are written down in time, and a reader that stands still costs 16 MB.
    private static final int MAX_LOG_ENTRIES = 32 * 1024;
    private static final long MAX_LOG_WEIGHT = 16 * 1024 * 1024;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final int index;
    private final EventLoop eventLoop;
    private final Proxy proxy;
    private final Time time;
    private final Ticker ticker = Ticker.systemTicker();
    private final Bootstrap upstream;
    private final @Nullable TraceHeader trace;
    private final SplittableRandom random = new SplittableRandom();
    private final byte[] scratch = new byte[MAX_HEAD + 64];
    private final RequestHead requestHead = new RequestHead();
    private final ResponseHead responseHead = new ResponseHead();
    private final List<Ticked> ticked = new ArrayList<>();
    private final Backlog backlog;
    private final CallsUnderWay calls;
    private @Nullable KernelPipe pipe;
    private boolean pipeWanted;
    private @Nullable ScheduledFuture<?> ticking;
    private @Nullable SslContext targetTls;
    private @Nullable SslContext targetTlsForHttp2;
    private @Nullable SslContext targetTlsForFlows;
    private long now;
    private int lateTicks;
    private long epochSecond;
    private byte[] dateLine = new byte[0];
    private byte[] traceTime = new byte[8];
    /// Who has something to send at the end of this turn.
    private final List<AtTurnsEnd> sending = new ArrayList<>();
    private final Runnable send = this::send;
    private final LoopLog log = new LoopLog(MAX_LOG_ENTRIES, MAX_LOG_WEIGHT);
    /// Microseconds since 1970 at a moment of the other clock.
    private long clockMicros;
    private long clockNanos;

    /// A connection, which looks at its timeouts once per tick.
    interface Ticked {
        void tick(long nowNanos);

        /// The proxy closes: end at once.
        void shut();

        int tickIndex();

        void tickIndex(int index);

        /// Whether nobody would miss it: a connection to a target that waits for the next request.
        default boolean rests() {
            return false;
        }

        /// Another connection takes the place of this one, which [#rests], or did: it does no more, and closes at the end of the turn. If it closed at
        /// once, its descriptor would be the other one's, and what is ready on this one would be told to that (so does Netty 4.2 within one turn).
        default void giveWay() {
            shut();
        }

        /// Bytes kept for a side that does not take them.
        default long held() {
            return 0;
        }
    }

    /// What has something to send when all that was ready has been read.
    interface AtTurnsEnd {
        void turnEnds();
    }

    Loop(int index, EventLoop eventLoop, Proxy proxy, Time time, Bootstrap upstream) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.proxy = proxy;
        this.time = time;
        this.upstream = upstream;
        this.trace = proxy.options().traceHeader().map(TraceHeader::new).orElse(null);
        long buffered = proxy.options().limits().buffered() / proxy.options().loops();
        this.backlog = new Backlog(buffered);
        this.calls = new CallsUnderWay(buffered);
        this.now = ticker.nanoTime();
        readClock();
    }

    void start() {
        // Not at a fixed rate: ticks that were missed must not be made up for before what has arrived meanwhile is read.
        ticking = eventLoop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Closes every connection.
    void stop() {
        if (ticking != null) {
            ticking.cancel(false);
        }
        List.copyOf(ticked).forEach(Ticked::shut);
    }

    /// After the last thing that ran on the loop.
    void close() {
        ReferenceCountUtil.release(targetTls);
        ReferenceCountUtil.release(targetTlsForHttp2);
        ReferenceCountUtil.release(targetTlsForFlows);
        targetTls = targetTlsForHttp2 = targetTlsForFlows = null;
        if (pipe != null) {
            pipe.close();
            pipe = null;
        }
    }

    private void tick() {
        long before = now;
        now = ticker.nanoTime();
        readClock();
        // When this loop was held up, nobody is judged by the time it lost: what they sent may lie unread in their sockets. A loop that is held up
        // again and again must judge all the same.
        lateTicks = now - before > LATE_NANOS && lateTicks < MOST_LATE_TICKS ? lateTicks + 1 : 0;
        boolean judges = lateTicks == 0;
        for (int i = ticked.size() - 1; judges && i >= 0; i--) {
            if (i < ticked.size()) {
                tick(ticked.get(i));
            }
        }
        backlog.look(ticked, judges);
    }

    /// Something wrong with one connection must not end the ticks of all.
    private void tick(Ticked one) {
        try {
            one.tick(now);
        } catch (RuntimeException e) {
            Proxy.LOG.error("A connection that could not look at its timeouts is closed", e);
            one.shut();
        }
    }

    private void readClock() {
        Instant instant = time.now();
        clockMicros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
        clockNanos = now;
        if (instant.getEpochSecond() != epochSecond || dateLine.length == 0) {
            epochSecond = instant.getEpochSecond();
            dateLine = Ascii.bytes("Date: " + DATE.format(instant) + "\r\n");
            traceTime = Ascii.bytes(String.format("%08x", epochSecond));
        }
    }

    void watch(Ticked one) {
        one.tickIndex(ticked.size());
        ticked.add(one);
    }

    void unwatch(Ticked one) {
        Ticked last = ticked.removeLast();
        if (last != one) {
            ticked.set(one.tickIndex(), last);
            last.tickIndex(one.tickIndex());
        }
    }

    /// Turns end when everything that was ready has been read.
    void atTurnsEnd(AtTurnsEnd one) {
        if (sending.isEmpty()) {
            eventLoop.execute(send);
        }
        sending.add(one);
    }

    /// Those who get something to send while others do are served too.
    private void send() {
        for (int i = 0; i < sending.size(); i++) {
            try {
                sending.get(i).turnEnds();
            } catch (RuntimeException e) {
                Proxy.LOG.error("What a connection had to send could not be sent; the others go on", e);
            }
        }
        sending.clear();
    }

    Backlog backlog() {
        return backlog;
    }

    CallsUnderWay calls() {
        return calls;
    }

    Admission admission() {
        return proxy.admission();
    }

    /// @return whether there was one
    boolean closeOneAtRest() {
        for (Ticked one : ticked) {
            if (one.rests()) {
                one.giveWay();
                return true;
            }
        }
        return false;
    }

    /// Whether one more client may stay connected.
    boolean admits(Channel accepted, ListenerState listener) {
        return proxy.admission().admit(accepted, this, listener);
    }

    int index() {
        return index;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    ProxyOptions options() {
        return proxy.options();
    }

    /// The one reference through which a request sees the whole routing.
    Routing routing() {
        return proxy.routing();
    }

    /// Who answers for targets that are functions.
    FunctionTargets functions() {
        return proxy.functions();
    }

    /// Through which large bodies pass. Null until the first one has made somebody open it, and where there is none.
    @Nullable KernelPipe pipe() {
        if (pipe != null && !pipe.isOpen()) {
            pipe = null;
            pipeWanted = false;
        }
        if (!pipeWanted) {
            pipeWanted = true;
            // Calls of the system that Java does not know take a tenth of a second to prepare, and a loop never waits.
            Thread.ofVirtual().start(this::openPipe);
        }
        return pipe;
    }

    private void openPipe() {
        KernelPipe opened = KernelPipe.open();
        if (opened != null) {
            try {
                eventLoop.execute(() -> pipe = opened);
            } catch (RejectedExecutionException _) {
                opened.close();
            }
        }
    }

    Bootstrap upstream() {
        return upstream;
    }

    @Nullable TraceHeader trace() {
        return trace;
    }

    /// For connections to targets that speak TLS.
    SslContext targetTls() {
        if (targetTls == null) {
            targetTls = TlsProvider.toTarget(List.of(), false);
        }
        return targetTls;
    }

    /// For connections to targets that speak HTTP/2 over TLS.
    SslContext targetTlsForHttp2() {
        if (targetTlsForHttp2 == null) {
            targetTlsForHttp2 = TlsProvider.toTarget(List.of(ApplicationProtocolNames.HTTP_2), false);
        }
        return targetTlsForHttp2;
    }

    /// For connections to targets that speak TLS and are passed through.
    SslContext targetTlsForFlows() {
        if (targetTlsForFlows == null) {
            targetTlsForFlows = TlsProvider.toTarget(List.of(), true);
        }
        return targetTlsForFlows;
    }

    SplittableRandom random() {
        return random;
    }

    /// Room for one head and a little more.
    byte[] scratch() {
        return scratch;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    ResponseHead responseHead() {
        return responseHead;
    }

    /// Nanoseconds of a clock that never goes back, as of the last tick.
    long now() {
        return now;
    }

    /// The same clock, read now.
    long nanos() {
        return ticker.nanoTime();
    }

    long epochSecond() {
        return epochSecond;
    }

    /// Microseconds since 1970 at a moment of the clock that never goes back.
    long epochMicros(long nanos) {
        return clockMicros + (nanos - clockNanos) / 1000;
    }

    /// What waits to be logged.
    LoopLog log() {
        return log;
    }

    /// `Date: ...` with its line end.
    byte[] dateLine() {
        return dateLine;
    }

    /// Eight hexadecimal digits of the time.
    byte[] traceTime() {
        return traceTime;
    }

    static String httpDate(Instant instant) {
        return DATE.format(instant);
    }
}
