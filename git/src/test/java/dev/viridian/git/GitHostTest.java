package dev.viridian.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything here is done by the real git client.
class GitHostTest {
    @TempDir
    Path work;
    private RunningGitHost host;
    private GitRepository shop;

    @BeforeEach
    void start() throws Exception {
        host = new RunningGitHost(work.resolve("served"));
        shop = host.repositories.create("shop");
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
    }

    @Test
    void cloning_an_empty_repository_warns_and_succeeds() {
        assertThat(git().run("clone", host.url("/open/shop"))).contains("warning: You appear to have cloned an empty repository.");
    }

    @Test
    void the_first_branch_pushed_becomes_the_default_whatever_its_name() throws Exception {
        GitClient mine = project();
        mine.run("push", host.url("/open/shop"), "HEAD:refs/heads/bluegreen");
        mine.run("push", host.url("/open/shop"), "HEAD:refs/heads/main");

        assertThat(shop.defaultBranch()).contains("bluegreen");
        git().run("clone", "-q", host.url("/open/shop"), "copy");
        assertThat(git().in("copy").run("branch", "--show-current")).isEqualTo("bluegreen");
    }

    @ParameterizedTest(name = "protocol version {0}")
    @ValueSource(strings = {"0", "1", "2"})
    void what_was_pushed_is_what_is_cloned(String version) throws Exception {
        GitClient mine = project();
        mine.write("größe/ä ö.txt", "umlauts").write("run.sh", "#!/bin/sh\n");
        Files.createSymbolicLink(mine.folder().resolve("link"), Path.of("run.sh"));
        assertThat(mine.folder().resolve("run.sh").toFile().setExecutable(true)).isTrue();
        String commit = mine.commitAll("everything git can carry");
        mine.run("-c", "protocol.version=" + version, "push", "-q", host.url("/open/shop"), "main");

        git().run("-c", "protocol.version=" + version, "clone", "-q", host.url("/open/shop"), "copy");

        GitClient copy = git().in("copy");
        assertThat(copy.run("rev-parse", "HEAD")).isEqualTo(commit);
        assertThat(copy.folder().resolve("größe/ä ö.txt")).hasContent("umlauts");
        assertThat(copy.folder().resolve("run.sh")).isExecutable();
        assertThat(Files.readSymbolicLink(copy.folder().resolve("link"))).isEqualTo(Path.of("run.sh"));
        assertThat(copy.run("fsck", "--strict")).doesNotContain("error");
    }

    @Test
    void a_shallow_clone_can_be_deepened() throws Exception {
        GitClient mine = project();
        for (int i = 0; i < 5; i++) {
            mine.write("count", "" + i).commitAll("count " + i);
        }
        mine.run("push", "-q", host.url("/open/shop"), "main");

        git().run("clone", "-q", "--depth", "1", host.url("/open/shop"), "copy");
        assertThat(git().in("copy").run("rev-list", "--count", "HEAD")).isEqualTo("1");
        git().in("copy").run("fetch", "-q", "--unshallow");
        assertThat(git().in("copy").run("rev-list", "--count", "HEAD")).isEqualTo("6");
    }

    @Test
    void a_single_commit_can_be_fetched_by_its_id_and_a_clone_can_leave_blobs_out() throws Exception {
        GitClient mine = project();
        String first = mine.run("rev-parse", "HEAD");
        mine.write("later", "later").commitAll("later");
        mine.run("push", "-q", host.url("/open/shop"), "main");

        git().run("clone", "-q", "--filter=blob:none", "--no-checkout", host.url("/open/shop"), "copy");
        git().in("copy").run("fetch", "-q", "--depth", "1", host.url("/open/shop"), first);
        assertThat(git().in("copy").run("show", first + ":readme")).isEqualTo("hello");
    }

    @Test
    void a_push_is_recorded_ref_by_ref_before_the_client_hears_of_success() throws Exception {
        GitClient mine = project();
        String one = mine.run("rev-parse", "HEAD");
        mine.run("tag", "v1");
        mine.run("push", "-q", host.url("/open/shop"), "main", "v1");
        mine.run("commit", "-q", "--amend", "-m", "another");
        String two = mine.run("rev-parse", "HEAD");
        mine.run("push", "-q", "--force", host.url("/open/shop"), "main");
        mine.run("push", "-q", host.url("/open/shop"), ":refs/tags/v1");

        assertThat(host.pushes).containsExactly(
                new Push("shop", "anybody", List.of(new RefUpdate("refs/heads/main", Optional.empty(), Optional.of(one), false),
                        new RefUpdate("refs/tags/v1", Optional.empty(), Optional.of(one), false))),
                new Push("shop", "anybody", List.of(new RefUpdate("refs/heads/main", Optional.of(one), Optional.of(two), true))),
                new Push("shop", "anybody", List.of(new RefUpdate("refs/tags/v1", Optional.of(one), Optional.empty(), false))));
    }

    @Test
    void a_push_that_cannot_be_recorded_is_not_reported_as_success() throws Exception {
        GitClient.Result result = project().attempt("push", host.url("/open/shop"), "HEAD:refs/heads/unrecordable");

        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains("moved, but not recorded");
        assertThat(shop.refs()).containsKey("refs/heads/unrecordable");
    }

    @Test
    void a_refused_ref_does_not_move_while_others_of_the_same_push_do() throws Exception {
        GitClient.Result result = project().attempt("push", host.url("/open/shop"), "main", "main:protected");

        assertThat(result.output()).contains("[remote rejected] main -> protected (nobody may touch it)");
        assertThat(shop.branches()).containsOnlyKeys("main");
        assertThat(host.pushes).singleElement().extracting(push -> push.updates().size()).isEqualTo(1);
    }

    @Test
    void an_atomic_push_moves_all_refs_or_none() throws Exception {
        GitClient.Result result = project().attempt("push", "--atomic", host.url("/open/shop"), "main", "main:protected");

        assertThat(result.exit()).isNotZero();
        assertThat(shop.branches()).isEmpty();
        assertThat(host.pushes).isEmpty();
    }

    @Test
    void of_two_pushes_to_one_branch_one_wins_and_the_other_is_told() throws Exception {
        GitClient mine = project();
        mine.run("push", "-q", host.url("/open/shop"), "main");
        git().run("clone", "-q", host.url("/open/shop"), "left");
        git().run("clone", "-q", host.url("/open/shop"), "right");
        List<CompletableFuture<GitClient.Result>> pushes = List.of("left", "right").stream().map(name -> CompletableFuture.supplyAsync(() -> {
            git().in(name).run("commit", "-q", "--allow-empty", "-m", name);
            return git().in(name).attempt("push", "origin", "main");
        })).toList();

        assertThat(pushes.stream().map(CompletableFuture::join).filter(result -> result.exit() == 0)).hasSize(1);
        assertThat(host.pushes).hasSize(2);
        assertThat(shop.branch("main")).isEqualTo(host.pushes.getLast().updates().getFirst().after());
    }

    @Test
    void without_credentials_a_closed_repository_asks_for_them_with_wrong_ones_it_forbids() throws Exception {
        project().run("push", "-q", host.url("/closed/shop", "dev", "secret"), "main");

        assertThat(git().attempt("clone", host.url("/closed/shop"), "a").output()).contains("could not read Username");
        assertThat(git().attempt("clone", host.url("/closed/shop", "dev", "guess"), "b").output()).contains("The requested URL returned error: 403");
        assertThat(git().attempt("clone", host.url("/elsewhere/shop"), "c").output()).contains("not found");
        assertThat(git().attempt("clone", host.url("/open/unknown"), "d").output()).contains("not found");
        assertThat(git().attempt("clone", host.url("/closed/shop/", "dev", "secret"), "e").exit()).isZero();
        assertThat(host.pushes.getLast().pusher()).isEqualTo("dev");
    }

    @Test
    void a_tree_that_would_overwrite_a_clients_git_folder_is_refused() throws Exception {
        GitClient mine = project();
        String blob = mine.run("rev-parse", "HEAD:readme");
        Path tree = mine.folder().resolve("tree.bin");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("100644 .git\0".getBytes(StandardCharsets.UTF_8));
        bytes.write(java.util.HexFormat.of().parseHex(blob));
        Files.write(tree, bytes.toByteArray());
        String id = mine.run("hash-object", "-t", "tree", "--literally", "-w", "tree.bin");
        String commit = mine.run("commit-tree", "-m", "trap", id);

        GitClient.Result result = mine.attempt("push", host.url("/open/shop"), commit + ":refs/heads/trap");

        assertThat(result.exit()).isNotZero();
        assertThat(result.output()).contains(".git");
        assertThat(shop.branches()).isEmpty();
    }

    @Test
    void a_zipped_request_is_understood_and_one_that_is_no_git_leaves_the_server_alive() throws Exception {
        project().run("push", "-q", host.url("/open/shop"), "main");
        String want = "want " + shop.branch("main").orElseThrow() + "\n";
        String body = String.format("%04x%s0000%04x%s", want.length() + 4, want, 9, "done\n");

        assertThat(post("gzip", zip(body))).startsWith("200").contains("PACK");
        assertThat(post("identity", "rubbish".getBytes(StandardCharsets.UTF_8))).doesNotContain("PACK");
        assertThat(git().run("ls-remote", host.url("/open/shop"))).contains("refs/heads/main");
    }

    @Test
    void many_pushes_are_tidied_into_one_pack_while_a_clone_goes_on() throws Exception {
        GitClient mine = project();
        for (int i = 0; i <= 50; i++) {
            mine.write("count", "" + i).commitAll("count " + i);
            mine.run("push", "-q", host.url("/open/shop"), "main");
        }
        assertThat(shop.isUntidy()).isTrue();
        CompletableFuture<String> clone = CompletableFuture.supplyAsync(() -> git().run("clone", "-q", host.url("/open/shop"), "during"));
        shop.tidy();

        assertThat(clone.join()).isEmpty();
        assertThat(shop.isUntidy()).isFalse();
        git().run("clone", "-q", host.url("/open/shop"), "after");
        assertThat(git().in("after").run("rev-list", "--count", "HEAD")).isEqualTo("52");
        assertThat(mine.write("count", "last").run("commit", "-q", "-a", "-m", "last")).isEmpty();
        assertThat(mine.run("push", "-q", host.url("/open/shop"), "main")).isEmpty();
    }

    @Test
    void a_push_over_the_limits_is_refused() throws Exception {
        try (RunningGitHost small = new RunningGitHost(work.resolve("small"), new GitLimits(100_000, 50_000, 2))) {
            small.repositories.create("shop");
            GitClient mine = project();
            byte[] noise = new byte[200_000];
            new java.util.Random(7).nextBytes(noise);
            Files.write(mine.folder().resolve("big"), noise);
            mine.commitAll("big");

            assertThat(mine.attempt("push", small.url("/open/shop"), "main").exit()).isNotZero();
            assertThat(mine.attempt("push", small.url("/open/shop"), "main~1:refs/heads/a", "main~1:refs/heads/b", "main~1:refs/heads/c").output())
                    .contains("a push may move at most 2 refs");
            assertThat(small.repositories.require("shop").refs()).isEmpty();
        }
    }

    @Test
    void a_large_file_streams_through_a_chunked_push() throws Exception {
        GitClient mine = project();
        byte[] noise = new byte[30 << 20];
        new java.util.Random(11).nextBytes(noise);
        Files.write(mine.folder().resolve("big"), noise);
        mine.commitAll("big");
        mine.run("push", "-q", host.url("/open/shop"), "main");

        git().run("clone", "-q", host.url("/open/shop"), "copy");
        assertThat(git().folder().resolve("copy/big")).hasBinaryContent(noise);
    }

    private GitClient git() {
        return new GitClient(work);
    }

    private GitClient project() throws IOException {
        git().run("init", "-q", "-b", "main", "mine");
        GitClient mine = git().in("mine").write("readme", "hello");
        mine.commitAll("first");
        return mine;
    }

    private String post(String encoding, byte[] body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(host.url("/open/shop/git-upload-pack"))).header("Content-Encoding", encoding)
                    .header("Content-Type", "application/x-git-upload-pack-request").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() + " " + new String(response.body(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Map.of("broken off", e.toString()).toString();
        }
    }

    private static byte[] zip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
