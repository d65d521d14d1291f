package dev.viridian.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is asked of every contender, again and again.
enum Workload {
    SMALL_64("small GET, keep-alive, 64 connections", Door.HTTP, Tool.WRK, 64, "/small", true),
    SMALL_1000("small GET, keep-alive, 1,000 connections", Door.HTTP, Tool.WRK, 1000, "/small", true),
    BODY_10K("10 KB, keep-alive", Door.HTTP, Tool.WRK, 64, "/10k", true),
    BODY_1M("1 MB, keep-alive", Door.HTTP, Tool.WRK, 16, "/1m", true),
    UPLOAD_100K("100 KB upload, keep-alive", Door.HTTP, Tool.WRK_UPLOAD, 16, "/upload", false),
    CONNECT("a connection per request", Door.HTTP, Tool.WRK_CLOSE, 64, "/small", false),
    TLS("small GET over TLS, keep-alive", Door.HTTPS, Tool.WRK, 64, "/small", true),
    /// wrk takes up its earlier session where it is given a ticket, and all three give tickets by default.
    HANDSHAKE_RESUMED("a TLS connection per request, session resumed", Door.HTTPS, Tool.WRK_CLOSE, 32, "/small", Handshake.RESUMED),
    /// At a fixed rate: h2load has no session to take up again only where it is told as many connections as requests, and would open all at once.
    HANDSHAKE_FULL("a TLS connection per request, full handshake", Door.HTTPS, Tool.H2LOAD_ONCE, 1000, "/small", Handshake.FULL),
    /// So many connections because h2load opens no new one for one that ends, and ours say goodbye after 10,000 requests, as ELB's do.
    HTTP2("HTTP/2 over TLS, 32 connections with 8 streams each", Door.HTTPS, Tool.H2LOAD, 32, "/small", true),
    TCP("TCP pass-through of small GETs", Door.TCP, Tool.WRK, 64, "/small", true),
    LOGGED_SMALL("small GET, keep-alive, access log on", Door.HTTP_LOGGED, Tool.WRK, 64, "/small", false),
    LOGGED_10K("10 KB, keep-alive, access log on", Door.HTTP_LOGGED, Tool.WRK, 64, "/10k", false),
    LOGGED_CONNECT("a connection per request, access log on", Door.HTTP_LOGGED, Tool.WRK_CLOSE, 64, "/small", false);

    /// A port of a contender.
    enum Door { HTTP, HTTP_LOGGED, HTTPS, TCP }

    /// How the load is made. H2LOAD_ONCE uses each connection for one request.
    enum Tool { WRK, WRK_CLOSE, WRK_UPLOAD, H2LOAD, H2LOAD_ONCE }

    private final String title;
    private final Door door;
    private final Tool tool;
    private final int connections;
    private final String path;
    private final boolean latency;
    private final Optional<Handshake> handshake;

    /// @param connections open at a time; with H2LOAD_ONCE, opened each second
    /// @param latency     whether latencies at a fixed rate are taken too
    Workload(String title, Door door, Tool tool, int connections, String path, boolean latency) {
        this(title, door, tool, connections, path, latency, Optional.empty());
    }

    Workload(String title, Door door, Tool tool, int connections, String path, Handshake handshake) {
        this(title, door, tool, connections, path, false, Optional.of(handshake));
    }

    Workload(String title, Door door, Tool tool, int connections, String path, boolean latency, Optional<Handshake> handshake) {
        this.title = title;
        this.door = door;
        this.tool = tool;
        this.connections = connections;
        this.path = path;
        this.latency = latency;
        this.handshake = handshake;
    }

    /// As one names it on the command line: `small-64`.
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Workload> of(String id) {
        return Arrays.stream(values()).filter(workload -> workload.id().equals(id)).findFirst();
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Workload::id).toList();
    }

    String title() {
        return title;
    }

    Door door() {
        return door;
    }

    Tool tool() {
        return tool;
    }

    int connections() {
        return connections;
    }

    boolean takesLatency() {
        return latency;
    }

    /// What it is about handshakes of; empty where they are not what is measured.
    Optional<Handshake> handshake() {
        return handshake;
    }

    /// How many connections a run of so many seconds opens, where each is used once.
    int connectionsIn(int seconds) {
        return connections * seconds;
    }

    String url(int port) {
        return (door == Door.HTTPS ? "https" : "http") + "://127.0.0.1:" + port + path;
    }
}
