package dev.viridian.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTP/2 clients that others have written, where they are installed.
class Http2ToolsTest {
    @TempDir
    private Path folder;

    private final Rig rig = new Rig();
    private final Backend blue = rig.backend("blue");

    @AfterEach
    void close() {
        rig.close();
    }

    private static void assumeInstalled(String tool) {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, tool))), tool + " is not installed");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(said, StandardCharsets.ISO_8859_1);
        assertThat(ended).as("%s ends: %s", List.of(command), text).isTrue();
        return text;
    }

    private String address() {
        return "https://127.0.0.1:" + rig.serve(Http2Rig.https(), Rig.group("group", blue));
    }

    @Test
    void h2load_gets_every_answer_it_asks_for() throws IOException, InterruptedException {
        assumeInstalled("h2load");
        String said = run("h2load", "-n", "1000", "-c", "4", "-m", "32", "-t", "1", address() + "/");
        assertThat(said).contains("1000 total, 1000 started, 1000 done, 1000 succeeded, 0 failed, 0 errored, 0 timeout").contains("protocol: h2");
        assertThat(rig.counts("group").status2xx()).isEqualTo(1000);
    }

    @Test
    void h2load_sends_every_body_it_has() throws IOException, InterruptedException {
        assumeInstalled("h2load");
        Path body = Files.write(folder.resolve("body"), new byte[100_000]);
        assertThat(run("h2load", "-n", "100", "-c", "2", "-m", "10", "-t", "1", "-d", body.toString(), address() + "/echo"))
                .contains("100 succeeded, 0 failed, 0 errored, 0 timeout").contains("2xx");
    }

    @Test
    void nghttp_reads_an_answer_with_trailers() throws IOException, InterruptedException {
        assumeInstalled("nghttp");
        blue.on("/chunks", request -> Backend.raw(request, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 17\r\n\r\n"));
        assertThat(run("nghttp", "-v", "--no-verify-peer", address() + "/chunks")).contains("x-sum: 17").doesNotContain("INVALID", "rst_stream");
    }

    @Test
    void curl_uploads_and_downloads() throws IOException, InterruptedException {
        assumeInstalled("curl");
        assumeTrue(run("curl", "--version").contains("HTTP2"), "this curl does not speak HTTP/2");
        Path body = Files.write(folder.resolve("body"), new byte[1_000_000]);
        String said = run("curl", "-sk", "--http2", "--data-binary", "@" + body, "-o", folder.resolve("back").toString(), "-w", "%{http_version} %{http_code}",
                address() + "/echo");
        assertThat(said).isEqualTo("2 200");
        assertThat(folder.resolve("back")).hasSize(1_000_000);
    }
}
