package dev.viridian.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRepositoryTest {
    private static final Person DEV = new Person("Dev", "dev@example.com", Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.ofHours(-8));
    @TempDir
    Path work;
    private GitRepositories repositories;
    private GitRepository shop;

    @BeforeEach
    void open() {
        repositories = GitRepositories.open(work.resolve("served"));
        shop = repositories.create("shop");
    }

    @AfterEach
    void close() {
        repositories.close();
    }

    @Test
    void a_commit_made_here_creates_the_branch_and_carries_who_and_when() {
        Commit commit = made(put("src/app.js", "1"), put("run.sh", "#!/bin/sh", FileKind.EXECUTABLE));

        assertThat(shop.defaultBranch()).contains("main");
        assertThat(shop.branches()).containsEntry("main", commit.id());
        assertThat(commit.author().date()).isEqualTo("1767268800 -0800");
        assertThat(shop.folder(commit.id(), "").orElseThrow()).extracting(Entry::path, Entry::kind).containsExactly(
                org.assertj.core.groups.Tuple.tuple("run.sh", FileKind.EXECUTABLE), org.assertj.core.groups.Tuple.tuple("src", FileKind.FOLDER));
        assertThat(shop.folder(commit.id(), "src").orElseThrow()).extracting(Entry::path).containsExactly("src/app.js");
        assertThat(content(commit, "src/app.js")).isEqualTo("1");
        assertThat(shop.entry(commit.id(), "nowhere")).isEmpty();
    }

    @Test
    void a_commit_is_refused_when_the_branch_has_moved_or_nothing_changes() {
        Commit one = made(put("a", "1"));
        Commit two = made(put("a", "2"));

        assertThat(draft(Optional.of(one.id()), put("a", "3"))).isEqualTo(new CommitOutcome.ParentOutdated(two.id()));
        assertThat(draft(Optional.of(two.id()), put("a", "2"))).isEqualTo(new CommitOutcome.NoChange());
        assertThat(draft(Optional.of(two.id()), put("a/b", "2"))).isEqualTo(new CommitOutcome.PathConflict("a"));
        assertThat(draft(Optional.of(two.id()), new Edit.Delete("z", false))).isEqualTo(new CommitOutcome.Missing("z"));
        assertThat(shop.branch("main")).contains(two.id());
    }

    @Test
    void deleting_the_last_file_of_a_folder_may_keep_the_folder() {
        made(put("docs/a", "1"), put("b", "1"));

        assertThat(shop.folder(made(new Edit.Delete("docs/a", true)).id(), "docs").orElseThrow()).extracting(Entry::name).containsExactly(".gitkeep");
        assertThat(shop.folder(made(new Edit.Delete("docs/.gitkeep", false)).id(), "docs")).isEmpty();
    }

    @Test
    void differences_name_what_was_added_changed_and_deleted_below_a_path() {
        Commit one = made(put("same", "1"), put("changed", "1"), put("gone", "1"));
        Commit two = made(put("changed", "2"), new Edit.Delete("gone", false), put("new/file", "1"));

        assertThat(shop.differences(Optional.of(one.id()), two.id(), "")).extracting(Difference::path, d -> d.before().isPresent(), d -> d.after()
                .isPresent())
                .containsExactly(org.assertj.core.groups.Tuple.tuple("changed", true, true), org.assertj.core.groups.Tuple.tuple("gone", true, false),
                        org.assertj.core.groups.Tuple.tuple("new/file", false, true));
        assertThat(shop.differences(Optional.of(one.id()), two.id(), "new")).hasSize(1);
        assertThat(shop.differences(Optional.empty(), two.id(), "")).hasSize(3);
    }

    @Test
    void an_archive_is_the_same_bytes_each_time_and_keeps_modes() throws Exception {
        Commit commit = made(put("run.sh", "#!/bin/sh\necho ran\n", FileKind.EXECUTABLE), put("dir/ä.txt", "umlaut"),
                put("link", "run.sh", FileKind.SYMLINK));
        ByteArrayOutputStream once = new ByteArrayOutputStream();
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        shop.archive(commit.id(), once);
        shop.archive(commit.id(), again);

        assertThat(once.toByteArray()).isEqualTo(again.toByteArray());
        Path zip = work.resolve("source.zip");
        Files.write(zip, once.toByteArray());
        try (var file = org.apache.commons.compress.archivers.zip.ZipFile.builder().setPath(zip).get()) {
            assertThat(file.getEntry("run.sh").getUnixMode()).isEqualTo(0100755);
            assertThat(file.getEntry("dir/ä.txt").getUnixMode()).isEqualTo(0100644);
            assertThat(file.getEntry("link").isUnixSymlink()).isTrue();
            assertThat(file.getUnixSymlink(file.getEntry("link"))).isEqualTo("run.sh");
        }
    }

    @Test
    void branches_are_created_once_resolved_by_name_and_deleted() {
        Commit commit = made(put("a", "1"));

        assertThat(shop.createBranch("feature/x", commit.id())).isPresent();
        assertThat(shop.createBranch("feature/x", commit.id())).isEmpty();
        assertThat(shop.resolve("feature/x")).contains(commit.id());
        assertThat(shop.resolve("HEAD")).contains(commit.id());
        assertThat(shop.resolve(commit.id().substring(0, 8))).isEmpty();
        assertThat(shop.deleteBranch("feature/x")).isPresent();
        assertThat(shop.deleteBranch("feature/x")).isEmpty();
        assertThat(shop.defaultBranch()).contains("main");
    }

    @Test
    void the_merge_base_is_where_two_lines_parted() {
        Commit base = made(put("a", "1"));
        shop.createBranch("other", base.id());
        Commit main = made(put("a", "2"));
        Commit other = ((CommitOutcome.Made) shop.commit(new CommitDraft("other", Optional.of(base.id()), List.of(put("b", "1")), "m", DEV,
                DEV))).commit();

        assertThat(shop.mergeBase(main.id(), other.id())).contains(base.id());
        assertThat(shop.isAncestor(base.id(), main.id())).isTrue();
        assertThat(shop.isAncestor(main.id(), other.id())).isFalse();
    }

    @Test
    void what_a_killed_process_left_is_swept_and_the_default_branch_is_chosen_after_all() throws Exception {
        Commit commit = made(put("a", "1"));
        repositories.close();
        Path bare = work.resolve("served/shop.git");
        Files.writeString(bare.resolve("HEAD"), "ref: refs/heads/unborn\n");
        Files.writeString(bare.resolve("refs/heads/main.lock"), "");
        Files.writeString(bare.resolve("objects/pack/incoming_123.pack"), "half");
        Files.createDirectories(work.resolve("served/.new-half"));

        repositories = GitRepositories.open(work.resolve("served"));
        shop = repositories.require("shop");

        assertThat(shop.defaultBranch()).contains("main");
        assertThat(draft(Optional.of(commit.id()), put("a", "2"))).isInstanceOf(CommitOutcome.Made.class);
        assertThat(bare.resolve("objects/pack/incoming_123.pack")).doesNotExist();
        assertThat(work.resolve("served/.new-half")).doesNotExist();
    }

    @Test
    void ids_are_taken_once_and_cannot_leave_the_folder() {
        assertThatThrownBy(() -> repositories.create("shop")).isInstanceOf(IllegalStateException.class).hasMessageContaining("exists already");
        assertThatThrownBy(() -> repositories.create("../up")).isInstanceOf(IllegalArgumentException.class);
        assertThat(repositories.find("../served/shop")).isEmpty();
        assertThat(repositories.delete("shop")).isTrue();
        assertThat(repositories.delete("shop")).isFalse();
        assertThat(repositories.create("shop").refs()).isEmpty();
        assertThat(repositories.ids()).containsExactly("shop");
    }

    private Commit made(Edit... edits) {
        CommitOutcome outcome = draft(shop.branch("main"), edits);
        return ((CommitOutcome.Made) outcome).commit();
    }

    private CommitOutcome draft(Optional<String> parent, Edit... edits) {
        return shop.commit(new CommitDraft("main", parent, List.of(edits), "message", DEV, DEV));
    }

    private String content(Commit commit, String path) {
        return new String(shop.blob(shop.entry(commit.id(), path).orElseThrow().id()).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static Edit put(String path, String content) {
        return put(path, content, FileKind.FILE);
    }

    private static Edit put(String path, String content, FileKind kind) {
        return new Edit.Put(path, content.getBytes(StandardCharsets.UTF_8), kind);
    }
}
