package dev.viridian.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bodies no git sends. Whatever comes, no ref moves, nothing is told, and the server goes on.
class GitFuzzTest {
    private static final long SEED = 20_260_101;
    private static final int REQUESTS = 300;
    private static final String ID = "1234567890123456789012345678901234567890";
    private static final String ZERO = "0".repeat(40);
    private static final List<String> LINES = List.of("want " + ID, "have " + ID, "done", "deepen 1", "deepen -1", "command=ls-refs",
            "command=fetch", "version 2",
            ZERO + " " + ID + " refs/heads/x\0report-status atomic", ID + " " + ZERO + " refs/heads/main\0 report-status", ZERO + " " + ZERO
            + " refs/heads/x",
            "push-cert\0", "PACK\0\0\0\2\0\0\0\1", "shallow " + ID, "want x", "filter blob:none", "\u0000");
    private static final List<String> MARKS = List.of("0000", "0001", "0002", "0003", "ffff", "-001", "");
    @TempDir
    Path work;

    @Test
    void whatever_a_client_sends_no_ref_moves_and_the_server_goes_on() throws Exception {
        Random random = new Random(SEED);
        try (RunningGitHost host = new RunningGitHost(work.resolve("served"))) {
            host.repositories.create("shop");
            GitClient mine = new GitClient(work);
            mine.run("init", "-q", "-b", "main", "mine");
            mine.in("mine").write("readme", "hello").commitAll("first");
            mine.in("mine").run("push", "-q", host.url("/open/shop"), "main");
            Map<String, String> before = host.repositories.require("shop").refs();

            for (int i = 0; i < REQUESTS; i++) {
                post(URI.create(host.url("/open/shop/" + (random.nextBoolean() ? "git-upload-pack" : "git-receive-pack"))), body(random),
                        random.nextInt(3));
                assertThat(host.repositories.require("shop").refs()).as("seed %d, request %d", SEED, i).isEqualTo(before);
            }
            assertThat(host.pushes).hasSize(1);
            assertThat(mine.in("mine").run("ls-remote", host.url("/open/shop"))).contains("refs/heads/main");
            assertThat(new GitClient(work.resolve("served/shop.git")).run("fsck", "--strict")).doesNotContain("error");
        }
    }

    /// Over a bare socket, so that the request may also break off.
    private static void post(URI url, byte[] body, int version) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            int promised = body.length + (body.length % 3 == 0 ? 10 : 0);
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + url.getPath() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nGit-Protocol: version=" + version
                    + "\r\nContent-Length: " + promised
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
    }

    private static byte[] body(Random random) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String line = LINES.get(random.nextInt(LINES.size()));
            switch (random.nextInt(4)) {
                case 0 -> body.write(MARKS.get(random.nextInt(MARKS.size())).getBytes(StandardCharsets.UTF_8));
                case 1 -> body.write(random.ints(random.nextInt(200), 0, 256).collect(StringBuilder::new, (text, c) -> text.append((char) c),
                        StringBuilder::append)
                        .toString().getBytes(StandardCharsets.ISO_8859_1));
                default -> body.write(String.format("%04x%s\n", line.length() + 5, line).getBytes(StandardCharsets.UTF_8));
            }
        }
        return body.toByteArray();
    }
}
