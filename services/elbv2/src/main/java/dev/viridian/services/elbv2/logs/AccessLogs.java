package dev.viridian.services.elbv2.logs;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.proxy.LogQueue;
import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.FlowLog;
import dev.viridian.proxy.log.HealthLog;
import dev.viridian.proxy.log.LogEntry;
import dev.viridian.proxy.log.RequestLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/// The logs of all load balancers: taken out of the proxy's queue, written to spools, sent to buckets.
public final class AccessLogs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogs.class);
    private static final String DELIVERY = "elbv2.log-delivery";
    /// Configured: AWS's own.
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final Duration RETRY = Duration.ofMinutes(1);
    /// How long a bucket is tried after its log was turned off.
    private static final Duration PATIENCE = Duration.ofHours(1);
    /// Real: how long an entry is in memory only.
    private static final Duration PULSE = Duration.ofMillis(250);
    private static final Duration QUICK_PULSE = Duration.ofMillis(10);
    /// So many entries are to be found at a time. Entries that are taken soon never grow old in memory, which costs more than to look often.
    private static final int BATCH = 1000;

    private final Store store;
    private final Work work;
    private final Time time;
    private final LogQueue queue;
    private final LogPlace place;
    private final String node;
    private final LogBuckets buckets;
    private final Table<LogStream> streams;
    /// Guards everything below, and that the queue has one reader. Held while lines are written to files, not while they are sent.
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, Spool> spools = new HashMap<>();
    /// By listener, for each kind: looked up once per entry.
    private final Map<LogKind, Map<String, Optional<Outlet>>> outlets = new EnumMap<>(LogKind.class);
    private final LineBuffer line = new LineBuffer();
    private long saidDropped;
    private Time.@Nullable Scheduled pulse;
    private Duration untilPulse = PULSE;
    private boolean needed;
    private boolean closed;

    /// Where entries of one listener and kind go.
    private record Outlet(Spool spool, AccessLine access, ConnectionLine connection, FlowLine flow, HealthLine health) {}

    /// @param work not yet started
    /// @param node IP address of the one node that load balancers have here
    public AccessLogs(Store store, Work work, Time time, LogQueue queue, LogPlace place, String node) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.queue = queue;
        this.place = place;
        this.node = node;
        this.buckets = new LogBuckets(place.buckets());
        this.streams = store.table("elbv2.log-streams", LogStream.class);
        work.handle(DELIVERY, this::deliver);
    }

    /// Goes on where an earlier process stopped. Also when the store was emptied beneath this: what belongs to no stream is deleted.
    public void start() {
        writing.lock();
        try {
            Set<String> known = streams.list().stream().map(LogStream::id).collect(Collectors.toSet());
            List.copyOf(spools.keySet()).stream().filter(id -> !known.contains(id)).forEach(id -> spools.remove(id).close());
            outlets.clear();
            foldersOf().filter(folder -> !known.contains(folder.getFileName().toString())).forEach(AccessLogs::delete);
        } finally {
            writing.unlock();
        }
        changed();
    }

    /// Refuses what AWS refuses, and writes the test objects of logs that are to be turned on or go elsewhere. Not within a transaction.
    ///
    /// @param attributes complete, as they are
    /// @param changes    what the user sets
    public void check(LoadBalancer balancer, Map<String, String> attributes, Map<String, String> changes) {
        Map<String, String> future = new HashMap<>(attributes);
        future.putAll(changes);
        Map<LogKind, LogDestination> wanted = LogDestination.checked(future, changes);
        wanted.forEach((kind, destination) -> {
            if (active(balancer.loadBalancerArn(), kind).filter(stream -> stream.destination().equals(destination)).isEmpty()) {
                buckets.tryOut(kind, destination, Arn.parse(balancer.loadBalancerArn()), time.now().toString());
            }
        });
    }

    /// Joins the transaction that changes the attributes.
    public void follow(LoadBalancer balancer, Map<String, String> attributes) {
        Map<LogKind, LogDestination> wanted = LogDestination.of(attributes);
        for (LogKind kind : LogKind.values()) {
            Optional<LogStream> old = active(balancer.loadBalancerArn(), kind);
            Optional<LogDestination> destination = Optional.ofNullable(wanted.get(kind));
            if (!old.map(LogStream::destination).equals(destination)) {
                old.ifPresent(this::end);
                destination.ifPresent(each -> begin(new LogStream(Ids.hex(16), kind, balancer.loadBalancerArn(), balancer.dnsName(), each,
                        Optional.empty())));
            }
        }
        store.afterCommit(this::changed);
    }

    /// Joins the transaction that deletes a load balancer.
    public void forget(String balancerArn) {
        streams.list().stream().filter(stream -> stream.balancerArn().equals(balancerArn) && stream.ended().isEmpty()).forEach(this::end);
        store.afterCommit(this::changed);
    }

    private void begin(LogStream stream) {
        streams.put(stream.id(), stream);
        work.at(DELIVERY, stream.id(), Spool.endOfInterval(time.now(), interval()));
    }

    private void end(LogStream stream) {
        streams.put(stream.id(), stream.end(time.now()));
        work.wake(DELIVERY, stream.id());
    }

    private Optional<LogStream> active(String balancerArn, LogKind kind) {
        return streams.list().stream().filter(stream -> stream.balancerArn().equals(balancerArn) && stream.kind() == kind
                && stream.ended().isEmpty()).findFirst();
    }

    private Duration interval() {
        return time.paced(INTERVAL);
    }

    private void changed() {
        boolean any = !streams.list().isEmpty();
        writing.lock();
        try {
            outlets.clear();
            needed = any;
            arm();
        } finally {
            writing.unlock();
        }
    }

    /// Looks into the queue again soon, as long as anything is logged at all.
    private void arm() {
        if (pulse != null) {
            pulse.close();
        }
        pulse = needed && !closed ? time.at(time.now().plus(untilPulse), this::beat) : null;
    }

    private void beat() {
        writing.lock();
        try {
            if (!closed) {
                untilPulse = untilPulse(untilPulse, drain());
            }
        } finally {
            arm();
            writing.unlock();
        }
    }

    /// At the pace that filled a batch, or was far from it.
    static Duration untilPulse(Duration last, int drained) {
        Duration next = drained == 0 ? PULSE : last.multipliedBy(BATCH).dividedBy(drained);
        return next.compareTo(PULSE) > 0 ? PULSE : next.compareTo(QUICK_PULSE) < 0 ? QUICK_PULSE : next;
    }

    private int drain() {
        Instant now = time.now();
        int drained = queue.drain(entry -> write(entry, now));
        spools.forEach((id, spool) -> {
            spool.flush(now);
            if (spool.takeFull()) {
                work.wake(DELIVERY, id);
            }
        });
        return drained;
    }

    private void write(LogEntry entry, Instant now) {
        switch (entry) {
            case RequestLog request -> outlet(request.listenerId(), LogKind.ACCESS).ifPresent(outlet -> {
                line.clear();
                outlet.access().write(request, line);
                outlet.spool().add(line, now);
            });
            case FlowLog flow -> outlet(flow.listenerId(), LogKind.ACCESS).ifPresent(outlet -> {
                line.clear();
                outlet.flow().write(flow, line);
                outlet.spool().add(line, now);
            });
            case ConnectionLog connection -> outlet(connection.listenerId(), LogKind.CONNECTION).ifPresent(outlet -> {
                line.clear();
                outlet.connection().write(connection, line);
                outlet.spool().add(line, now);
            });
            case HealthLog check -> ofEachBalancer(check.listenerIds()).forEach(listener -> outlet(listener, LogKind.HEALTH_CHECK).ifPresent(outlet -> {
                line.clear();
                outlet.health().write(check, line);
                outlet.spool().add(line, now);
            }));
        }
    }

    private static Collection<String> ofEachBalancer(List<String> listenerArns) {
        return listenerArns.stream().collect(Collectors.toMap(LogStream::balancerOf, Function.identity(), (one, _) -> one)).values();
    }

    /// What belongs to a stream that has ended a moment ago still goes there.
    private Optional<Outlet> outlet(String listenerArn, LogKind kind) {
        return outlets.computeIfAbsent(kind, _ -> new HashMap<>()).computeIfAbsent(listenerArn, _ -> {
            String balancer = LogStream.balancerOf(listenerArn);
            List<LogStream> all = streams.list().stream().filter(each -> each.balancerArn().equals(balancer) && each.kind() == kind).toList();
            Optional<LogStream> stream = all.stream().filter(each -> each.ended().isEmpty()).findFirst().or(() -> all.stream().findFirst());
            return stream.map(each -> new Outlet(spool(each.id()), new AccessLine(each), new ConnectionLine(each),
                    new FlowLine(each), new HealthLine(each, node)));
        });
    }

    private Spool spool(String id) {
        return spools.computeIfAbsent(id, _ -> new Spool(place.folder().resolve(id), place, interval()));
    }

    /// One run of a stream's work: sends what is complete, and says when the next interval ends.
    private Next deliver(String id) {
        Optional<LogStream> found = streams.find(id);
        if (found.isEmpty()) {
            return Next.done();
        }
        LogStream stream = found.get();
        for (Spool.Waiting file : complete(stream)) {
            try {
                send(stream, file);
            } catch (SdkException | IOException e) {
                return later(stream, e);
            }
        }
        if (stream.ended().isEmpty()) {
            return Next.at(Spool.endOfInterval(time.now(), interval()));
        }
        remove(stream);
        return Next.done();
    }

    private List<Spool.Waiting> complete(LogStream stream) {
        writing.lock();
        try {
            drain();
            sayWhatWasDropped();
            Spool spool = spool(stream.id());
            long dropped = spool.takeDropped();
            if (dropped > 0) {
                LOG.warn("{} lines of the {} of {} were dropped: {} bytes already wait for bucket {}", dropped, stream.kind().title(),
                        stream.resourceId(), spool.bytes(), stream.destination().bucket());
            }
            return spool.complete(time.now(), stream.ended().isPresent());
        } finally {
            writing.unlock();
        }
    }

    private void sayWhatWasDropped() {
        long dropped = queue.dropped();
        if (dropped > saidDropped) {
            LOG.warn("{} requests or connections were not logged, because they came faster than they could be written down", dropped - saidDropped);
            saidDropped = dropped;
        }
    }

    private void send(LogStream stream, Spool.Waiting file) throws IOException {
        Path compressed = file.file().resolveSibling(file.file().getFileName() + ".gz");
        try (InputStream in = Files.newInputStream(file.file()); OutputStream out = new QuickGzip(Files.newOutputStream(compressed))) {
            in.transferTo(out);
        }
        buckets.put(stream.destination().bucket(), ObjectKeys.log(stream.kind(), stream.destination(), stream.arn(), file.end(), node, file.random()),
                stream.arn(), RequestBody.fromFile(compressed));
        Files.deleteIfExists(compressed);
        writing.lock();
        try {
            spool(stream.id()).sent(file);
        } finally {
            writing.unlock();
        }
    }

    private Next later(LogStream stream, Exception cause) {
        Instant again = time.deadline(RETRY);
        boolean hopeless = stream.ended().filter(ended -> !time.now().isBefore(ended.plus(time.paced(PATIENCE)))).isPresent();
        if (hopeless) {
            LOG.error("The rest of the {} of {} could not be sent to bucket {} and is given up", stream.kind().title(), stream.resourceId(),
                    stream.destination().bucket(), cause);
            remove(stream);
            return Next.done();
        }
        LOG.warn("The {} of {} could not be sent to bucket {}: {}. It waits and is tried again at {}", stream.kind().title(), stream.resourceId(),
                stream.destination().bucket(), cause.getMessage(), again);
        return Next.at(again);
    }

    private void remove(LogStream stream) {
        streams.delete(stream.id());
        changed();
        writing.lock();
        try {
            Spool gone = spools.remove(stream.id());
            if (gone != null) {
                gone.close();
            }
            delete(place.folder().resolve(stream.id()));
        } finally {
            writing.unlock();
        }
    }

    private Stream<Path> foldersOf() {
        if (!Files.isDirectory(place.folder())) {
            return Stream.empty();
        }
        try (Stream<Path> found = Files.list(place.folder())) {
            return found.filter(Files::isDirectory).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not look for logs in " + place.folder(), e);
        }
    }

    private static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("Could not delete {}, which nobody needs any more", folder, e);
        }
    }

    /// What was logged is in files when this returns; the next process sends it.
    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (pulse != null) {
                pulse.close();
            }
            drain();
            spools.values().forEach(Spool::close);
        } finally {
            writing.unlock();
        }
    }
}
