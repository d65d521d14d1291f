package dev.viridian.app.internal;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The process itself, under the names every Prometheus client uses for these. Read from the system, not from JMX, which would cost more than all
/// the rest of the page.
final class ProcessFamilies {
    private static final Path RESIDENT = Path.of("/proc/self/status");

    private final Families families = new Families();

    ProcessFamilies(String version) {
        ProcessHandle.Info self = ProcessHandle.current().info();
        self.totalCpuDuration().ifPresent(cpu -> families.counter("process_cpu_seconds", "CPU time, user and system, in seconds.", Labels.EMPTY,
                cpu.toNanos() / 1e9));
        self.startInstant().ifPresent(start -> families.gauge("process_start_time_seconds", "Start of the process since unix epoch in seconds.",
                Labels.EMPTY, start.toEpochMilli() / 1e3));
        resident();
        Runtime runtime = Runtime.getRuntime();
        Labels heap = Labels.of("area", "heap");
        families.gauge("jvm_memory_used_bytes", "Used bytes of the heap.", heap, runtime.totalMemory() - runtime.freeMemory());
        families.gauge("jvm_memory_committed_bytes", "Committed bytes of the heap.", heap, runtime.totalMemory());
        families.gauge("jvm_memory_max_bytes", "Most bytes the heap may have.", heap, runtime.maxMemory());
        families.gauge("viridian_build_info", "Which Viridian this is; always 1.", Labels.of("version", version), 1);
    }

    /// Linux only.
    private void resident() {
        if (!Files.isReadable(RESIDENT)) {
            return;
        }
        try {
            Files.readAllLines(RESIDENT).stream().filter(line -> line.startsWith("VmRSS:")).findFirst()
                    .map(line -> line.replaceAll("\\D", "")).ifPresent(kilobytes -> families.gauge("process_resident_memory_bytes",
                    "Resident memory size in bytes.", Labels.EMPTY, Long.parseLong(kilobytes) * 1024.0));
        } catch (IOException e) {
            // another system: this one figure is not there
        }
    }

    List<MetricSnapshot> snapshots() {
        return families.snapshots();
    }
}
