package dev.viridian.app.bench;

import dev.viridian.app.bench.Workload.Door;
import java.util.List;

/// One of the proxies that are compared, running.
///
/// @param missing doors it does not have, with the reason
record Contender(String name, List<ProcessHandle> processes, Ports ports, List<Missing> missing) {
    static final String OURS = "viridian";

    record Missing(Door door, String reason) {}

    boolean offers(Door door) {
        return missing.stream().noneMatch(each -> each.door() == door);
    }

    Usage usage() {
        return Usage.of(processes);
    }
}
