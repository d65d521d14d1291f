package dev.viridian.app.bench;

import dev.viridian.app.bench.Report.Row;
import dev.viridian.app.bench.Report.Sample;
import dev.viridian.engine.time.SystemTime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs a plan: starts backend and contenders on loopback, drives them in alternation, stops and removes everything it has made.
public final class Comparison {
    /// Ours has not compiled yet what is used most when it has just started. It is driven for so many requests at least, until its compilers rest,
    /// but no longer than the plan allows.
    private static final long ENOUGH_REQUESTS = 60_000;
    private static final double RESTING = 0.03;
    private static final int MOST_LATENCY_ROUNDS = 2;
    private static final String PROXY_CORE = "0";

    private final Plan plan;
    private final PrintStream progress;
    private final Path folder;
    private final Children children;
    private final String loadCores;
    private final Generator generator;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Comparison(Plan plan, PrintStream progress, Path folder, Children children, String loadCores) {
        this.plan = plan;
        this.progress = progress;
        this.folder = folder;
        this.children = children;
        this.loadCores = loadCores;
        this.generator = new Generator(children, folder, loadCores);
    }

    /// @throws Failed when something needed is missing or does not work
    public static Report run(Plan plan, PrintStream progress) {
        Tools.require();
        int processors = Runtime.getRuntime().availableProcessors();
        if (processors < 2) {
            throw new Failed("this needs two processors: one for the proxy, one for load and backend");
        }
        Path folder = temporary();
        try (Children children = new Children(folder)) {
            return new Comparison(plan, progress, folder, children, processors > 2 ? "2-" + (processors - 1) : "1").run();
        } finally {
            delete(folder);
        }
    }

    private Report run() {
        String before = averages();
        Pem pem;
        try (SystemTime time = new SystemTime()) {
            pem = Pem.make(folder, time.now());
        }
        write("bench.crt", pem.certificate() + pem.chain());
        write("bench.key", pem.key());
        write("bench.pem", pem.certificate() + pem.chain() + pem.key());
        Witness witness = new Witness(Children.freePort(), folder.resolve("witness.log"));
        int backend = startBackend(witness);
        plan.workloads().forEach(workload -> witness.check(workload, generator));
        measure(plan.workloads(), backend, PROXY_CORE, 1, pem);
        if (plan.scaling()) {
            measure(plan.workloads().subList(0, 1), backend, "0,1", 2, pem);
            if (Runtime.getRuntime().availableProcessors() == 2) {
                notes.add("with two cores for the proxy, load and backend share them: compare the CPU per request, not the requests per second");
            }
        }
        return new Report(machine(), versions(), before + " before, " + averages() + " after", rows, notes);
    }

    private int startBackend(Witness witness) {
        int port = Children.freePort();
        write("10k", "x".repeat(10 * 1024));
        write("1m", "x".repeat(1024 * 1024));
        write("backend.conf", Configurations.backend(port, witness.port(), folder.toString()));
        children.await("backend", children.serve("backend", loadCores, nginx("backend.conf")), port);
        return port;
    }

    private List<String> nginx(String configuration) {
        return List.of(Tools.path("nginx"), "-p", folder + "/", "-e", "stderr", "-c", configuration);
    }

    private void measure(List<Workload> workloads, int backend, String cores, int count, Pem pem) {
        say("starting nginx, HAProxy and ours on core " + cores);
        List<Contender> contenders = List.of(OwnServer.start(children, cores, backend, pem), startNginx(backend, cores, count),
                startHaproxy(backend, cores, count));
        for (Contender contender : contenders) {
            contender.missing().forEach(gap -> notes.add(contender.name() + " has no " + gap.door() + " here: " + gap.reason()));
        }
        for (Workload workload : workloads) {
            List<Contender> able = contenders.stream().filter(contender -> contender.offers(workload.door()) && speaks(contender, workload)).toList();
            measure(workload, able, count);
        }
        contenders.forEach(contender -> contender.processes().forEach(ProcessHandle::destroy));
    }

    private boolean speaks(Contender contender, Workload workload) {
        boolean speaks = generator.speaks(workload, contender.ports().of(workload.door()));
        if (!speaks) {
            notes.add(contender.name() + " does not speak HTTP/2 here");
        }
        return speaks;
    }

    private void measure(Workload workload, List<Contender> contenders, int cores) {
        Map<Contender, List<Sample>> samples = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            warmUp(workload, contender);
            samples.put(contender, new ArrayList<>());
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (Contender contender : contenders) {
                Sample sample = sample(workload, contender, plan.seconds());
                samples.get(contender).add(sample);
                say(String.format("%-17s round %d  %-9s %8.1f us/request %8.0f requests/s", workload.id(), round + 1, contender.name(),
                        sample.cpuMicros(), sample.perSecond()));
            }
        }
        double rate = slowest(samples) / 2;
        Map<Contender, List<Latency>> latencies = workload.takesLatency() ? latencies(workload, contenders, rate) : Map.of();
        for (Contender contender : contenders) {
            rows.add(new Row(workload.id(), workload.title(), contender.name(), cores, samples.get(contender), rate,
                    latencies.getOrDefault(contender, List.of())));
        }
    }

    /// Requests per second of the contender that answers fewest.
    private static double slowest(Map<Contender, List<Sample>> samples) {
        return samples.values().stream().mapToDouble(each -> Report.middle(each.stream().mapToDouble(Sample::perSecond).toArray())).min().orElse(0);
    }

    private void warmUp(Workload workload, Contender contender) {
        if (!contender.name().equals(Contender.OURS)) {
            return;
        }
        long requests = 0;
        boolean ready = false;
        for (int second = 0; second < plan.warmUp() && !ready; second++) {
            Sample sample = sample(workload, contender, 1);
            requests += sample.requests();
            ready = requests >= ENOUGH_REQUESTS && sample.compilerShare() < RESTING;
        }
    }

    private Sample sample(Workload workload, Contender contender, int seconds) {
        Usage before = contender.usage();
        Load load = generator.drive(workload, contender.ports().of(workload.door()), seconds);
        return Sample.of(before, contender.usage(), load);
    }

    private Map<Contender, List<Latency>> latencies(Workload workload, List<Contender> contenders, double rate) {
        Map<Contender, List<Latency>> found = new LinkedHashMap<>();
        for (int round = 0; round < Math.min(plan.rounds(), MOST_LATENCY_ROUNDS); round++) {
            for (Contender contender : contenders) {
                Latency latency = generator.pace(workload, contender.ports().of(workload.door()), plan.latencySeconds(), rate);
                found.computeIfAbsent(contender, _ -> new ArrayList<>()).add(latency);
                say(String.format("%-17s at %.0f/s %-9s p50 %d us, p99 %d us, p99.9 %d us", workload.id(), rate, contender.name(), latency.p50(),
                        latency.p99(), latency.p999()));
            }
        }
        return found;
    }

    private Contender startNginx(int backend, String cores, int count) {
        Ports ports = Ports.free();
        String module = Tools.streamModule();
        write("nginx.conf", Configurations.nginx(ports, backend, count, module));
        Process process = children.serve("nginx", cores, nginx("nginx.conf"));
        children.await("nginx", process, ports.http());
        return new Contender("nginx", List.of(process.toHandle()), ports, module.isEmpty()
                ? List.of(new Contender.Missing(Workload.Door.TCP, "'apt-get install libnginx-mod-stream' brings it")) : List.of());
    }

    private Contender startHaproxy(int backend, String cores, int count) {
        Ports ports = Ports.free();
        write("haproxy.cfg", Configurations.haproxy(ports, backend, count));
        Process process = children.serve("haproxy", cores, List.of(Tools.path("haproxy"), "-f", "haproxy.cfg"));
        children.await("haproxy", process, ports.http());
        return new Contender("haproxy", List.of(process.toHandle()), ports, List.of());
    }

    private void say(String line) {
        progress.println(line);
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new Failed("could not write " + folder.resolve(name) + ": " + e.getMessage());
        }
    }

    private String machine() {
        String processor = read(Path.of("/proc/cpuinfo")).lines().filter(line -> line.startsWith("model name")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(System.getProperty("os.arch"));
        return Runtime.getRuntime().availableProcessors() + " x " + processor + ", Linux " + System.getProperty("os.version") + ", Java "
                + Runtime.version();
    }

    private List<String> versions() {
        return List.of(first(children.run("0", List.of(Tools.path("nginx"), "-v"), 10)),
                first(children.run("0", List.of(Tools.path("haproxy"), "-v"), 10)));
    }

    private static String first(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static String averages() {
        String[] fields = read(Path.of("/proc/loadavg")).split(" ");
        return fields[0];
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /// In memory where that is possible, so that no disk is measured. nginx's workers may run as another user, who must be able to look in.
    private static Path temporary() {
        Path memory = Path.of("/dev/shm");
        Path parent = Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Path folder = Files.createTempDirectory(parent, "viridian-bench-");
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new Failed("could not make a temporary folder: " + e.getMessage());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("viridian: could not delete all of " + folder + ": " + e.getMessage());
        }
    }
}
