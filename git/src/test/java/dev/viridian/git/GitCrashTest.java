package dev.viridian.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left when the server is killed, and what a server with little memory can do.
class GitCrashTest {
    private static final int MEBIBYTE = 1 << 20;
    @TempDir
    Path work;
    private Path served;
    private GitClient mine;

    @BeforeEach
    void project() throws Exception {
        served = work.resolve("served");
        new GitClient(work).run("init", "-q", "-b", "main", "mine");
        mine = new GitClient(work).in("mine").write("readme", "hello");
        mine.run("config", "core.compression", "0");
        mine.commitAll("first");
    }

    @Test
    void a_push_whose_server_is_killed_moves_nothing_and_works_the_second_time() throws Exception {
        try (GitServerProcess server = new GitServerProcess(served)) {
            mine.run("push", "-q", server.url("shop"), "main");
        }
        String before = mine.run("rev-parse", "main");
        noise(mine.folder().resolve("big"), 80);
        String after = mine.commitAll("big");
        try (GitServerProcess server = new GitServerProcess(served); WatchService watch = work.getFileSystem().newWatchService()) {
            Path objects = served.resolve("shop.git/objects");
            objects.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            CompletableFuture<GitClient.Result> push = CompletableFuture.supplyAsync(() -> mine.attempt("push", server.url("shop"), "main"));
            awaitIncoming(watch);
            server.kill();
            assertThat(push.join().exit()).isNotZero();
            assertThat(new GitClient(served.resolve("shop.git")).run("fsck", "--full", "--strict")).doesNotContain("error").doesNotContain("missing");
        }
        try (GitRepositories repositories = GitRepositories.open(served)) {
            assertThat(repositories.require("shop").branch("main")).contains(before);
            try (Stream<Path> left = Files.walk(served.resolve("shop.git"))) {
                assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("incoming"));
            }
        }
        try (GitServerProcess server = new GitServerProcess(served)) {
            mine.run("push", "-q", server.url("shop"), "main");
            assertThat(mine.run("ls-remote", server.url("shop"), "refs/heads/main")).startsWith(after);
        }
    }

    @Test
    void a_server_that_dies_between_move_and_record_leaves_the_move_to_be_found() throws Exception {
        try (GitServerProcess server = new GitServerProcess(served)) {
            assertThat(mine.attempt("push", server.url("shop"), "main:deadly").exit()).isNotZero();
            assertThat(server.awaitEnd()).isEqualTo(9);
        }
        try (GitRepositories repositories = GitRepositories.open(served)) {
            assertThat(repositories.require("shop").refs()).containsOnlyKeys("refs/heads/deadly");
            assertThat(repositories.require("shop").defaultBranch()).contains("deadly");
        }
    }

    @Test
    void a_file_larger_than_the_servers_memory_is_pushed_and_cloned() throws Exception {
        noise(mine.folder().resolve("big"), 80);
        mine.commitAll("big");
        try (GitServerProcess server = new GitServerProcess(served)) {
            mine.run("push", "-q", server.url("shop"), "main");
            new GitClient(work).run("clone", "-q", server.url("shop"), "copy");
        }
        assertThat(Files.mismatch(work.resolve("copy/big"), mine.folder().resolve("big"))).isEqualTo(-1);
    }

    private static void awaitIncoming(WatchService watch) throws InterruptedException {
        while (true) {
            WatchKey key = watch.poll(2, TimeUnit.MINUTES);
            assertThat(key).as("the server should begin to receive a pack").isNotNull();
            if (key.pollEvents().stream().anyMatch(event -> String.valueOf(event.context()).startsWith("incoming"))) {
                return;
            }
            key.reset();
        }
    }

    private static void noise(Path file, int mebibytes) throws IOException {
        Random random = new Random(mebibytes);
        byte[] block = new byte[MEBIBYTE];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }
}
