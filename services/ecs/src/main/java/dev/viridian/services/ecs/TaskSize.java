package dev.viridian.services.ecs;

import dev.viridian.engine.Decision;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much CPU (1024 units are one CPU) and memory (MiB) a task may use, and which pairs Fargate offers.
///
/// Source: ECS Developer Guide, "Task size"; the 74 pairs were observed on the API in 2026.
@Decision
final class TaskSize {
    private static final Pattern CPUS = Pattern.compile("([0-9]*\\.?[0-9]+)\\s*vcpu", Pattern.CASE_INSENSITIVE);
    private static final Pattern GIGABYTES = Pattern.compile("([0-9]*\\.?[0-9]+)\\s*gb", Pattern.CASE_INSENSITIVE);

    private record Range(int from, int to, int step) {
        boolean contains(int memory) {
            return memory >= from && memory <= to && (memory - from) % step == 0;
        }
    }

    private static final Map<Integer, Range> FARGATE = Map.of(
            512, new Range(1024, 4096, 1024),
            1024, new Range(2048, 8192, 1024),
            2048, new Range(4096, 16_384, 1024),
            4096, new Range(8192, 30_720, 1024),
            8192, new Range(16_384, 61_440, 4096),
            16_384, new Range(32_768, 122_880, 8192));

    private TaskSize() {}

    static boolean fargateOffers(int cpu, int memory) {
        if (cpu == 256) {
            return memory == 512 || memory == 1024 || memory == 2048;
        }
        return FARGATE.containsKey(cpu) && FARGATE.get(cpu).contains(memory);
    }

    /// `.25 vCPU` and `256` are the same.
    ///
    /// @throws NumberFormatException when it is neither
    static int cpuUnits(String text) {
        Matcher cpus = CPUS.matcher(text.trim());
        return cpus.matches() ? (int) Math.round(Double.parseDouble(cpus.group(1)) * 1024) : Integer.parseInt(text.trim());
    }

    /// `0.5GB` and `512` are the same.
    ///
    /// @throws NumberFormatException when it is neither
    static int mebibytes(String text) {
        Matcher gigabytes = GIGABYTES.matcher(text.trim().toLowerCase(Locale.ROOT));
        return gigabytes.matches() ? (int) Math.round(Double.parseDouble(gigabytes.group(1)) * 1024) : Integer.parseInt(text.trim());
    }
}
