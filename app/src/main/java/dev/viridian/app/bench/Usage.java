package dev.viridian.app.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What processes have used of the machine, as Linux says it.
///
/// @param cpuNanos      of all threads
/// @param compilerNanos the part of it that threads of a JVM's compilers have used
/// @param residentBytes memory
record Usage(long cpuNanos, long compilerNanos, long residentBytes) {
    private static final Usage NONE = new Usage(0, 0, 0);

    /// @param processes and all their children
    static Usage of(List<ProcessHandle> processes) {
        Usage sum = NONE;
        for (ProcessHandle process : processes) {
            sum = sum.plus(ofOne(Path.of("/proc", Long.toString(process.pid()))));
            for (ProcessHandle child : process.descendants().toList()) {
                sum = sum.plus(ofOne(Path.of("/proc", Long.toString(child.pid()))));
            }
        }
        return sum;
    }

    private Usage plus(Usage other) {
        return new Usage(cpuNanos + other.cpuNanos, compilerNanos + other.compilerNanos, residentBytes + other.residentBytes);
    }

    private static Usage ofOne(Path process) {
        long cpu = 0;
        long compilers = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                long nanos = nanos(thread);
                cpu += nanos;
                compilers += read(thread.resolve("comm")).matches("C[12] Compiler.*") ? nanos : 0;
            }
        } catch (IOException e) {
            return NONE;
        }
        return new Usage(cpu, compilers, resident(read(process.resolve("status"))));
    }

    private static long nanos(Path thread) {
        String schedule = read(thread.resolve("schedstat"));
        return schedule.isEmpty() ? 0 : Long.parseLong(schedule.split(" ")[0]);
    }

    static long resident(String status) {
        return status.lines().filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).orElse(0L);
    }

    /// Empty for a thread that has ended meanwhile.
    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
