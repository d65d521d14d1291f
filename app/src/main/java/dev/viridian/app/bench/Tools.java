package dev.viridian.app.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The programs a comparison needs, and how to get them.
final class Tools {
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin");
    private static final Map<String, String> PACKAGES = new LinkedHashMap<>(Map.of("nginx", "nginx", "haproxy", "haproxy", "wrk", "wrk",
            "h2load", "nghttp2-client", "taskset", "util-linux", "timeout", "coreutils"));
    private static final List<String> STREAM_MODULES = List.of("/usr/lib/nginx/modules/ngx_stream_module.so",
            "/usr/lib64/nginx/modules/ngx_stream_module.so");

    private Tools() {}

    /// @throws Failed naming every program that is missing
    static void require() {
        if (!Files.isReadable(Path.of("/proc/self/schedstat"))) {
            throw new Failed("this compares by what Linux says of CPU time (/proc/PID/task/*/schedstat), which this system does not say");
        }
        List<String> missing = PACKAGES.keySet().stream().filter(tool -> find(tool).isEmpty()).sorted().toList();
        if (!missing.isEmpty()) {
            String packages = String.join(" ", missing.stream().map(PACKAGES::get).toList());
            throw new Failed("this compares with Debian's nginx and HAProxy under load of wrk and h2load; missing here: " + String.join(", ", missing)
                    + ". 'apt-get install " + packages + "' brings them (TCP pass-through of nginx also wants libnginx-mod-stream); then run this"
                    + " again.");
        }
    }

    static String path(String tool) {
        return find(tool).orElseThrow(() -> new Failed(tool + " is missing")).toString();
    }

    private static Optional<Path> find(String tool) {
        return FOLDERS.stream().map(folder -> Path.of(folder, tool)).filter(Files::isExecutable).findFirst();
    }

    /// Empty when it is not installed.
    static String streamModule() {
        return STREAM_MODULES.stream().filter(module -> Files.exists(Path.of(module))).findFirst().orElse("");
    }
}
