package dev.viridian.proxy;

import dev.viridian.proxy.log.ConnectionLog;
import dev.viridian.proxy.log.FlowLog;
import dev.viridian.proxy.log.HealthLog;
import dev.viridian.proxy.log.LogEntry;
import dev.viridian.proxy.log.RequestLog;
import dev.viridian.proxy.log.RequestText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Takes what the loops of a proxy have logged.
final class LogReader {
    private final Proxy proxy;
    private final List<LogEntry> entries = new ArrayList<>();

    LogReader(Proxy proxy) {
        this.proxy = proxy;
    }

    /// All requests logged so far, once there are this many.
    List<RequestLog> requests(int count) {
        return Rig.eventually(() -> of(RequestLog.class), found -> found.size() >= count);
    }

    RequestLog request() {
        return requests(1).getFirst();
    }

    List<ConnectionLog> connections(int count) {
        return Rig.eventually(() -> of(ConnectionLog.class), found -> found.size() >= count);
    }

    List<HealthLog> checks(int count) {
        return Rig.eventually(() -> of(HealthLog.class), found -> found.size() >= count);
    }

    FlowLog flow() {
        return Rig.eventually(() -> of(FlowLog.class), found -> !found.isEmpty()).getFirst();
    }

    private <T extends LogEntry> List<T> of(Class<T> kind) {
        proxy.logs().drain(entries::add);
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static String method(RequestText text) {
        return part(text, 0, text.methodTo());
    }

    static String host(RequestText text) {
        return part(text, text.methodTo(), text.hostTo());
    }

    static String target(RequestText text) {
        return part(text, text.hostTo(), text.targetTo());
    }

    static String agent(RequestText text) {
        return part(text, text.targetTo(), text.bytes().length);
    }

    private static String part(RequestText text, int from, int to) {
        return new String(text.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
    }
}
