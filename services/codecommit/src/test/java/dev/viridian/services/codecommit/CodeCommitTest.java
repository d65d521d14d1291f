package dev.viridian.services.codecommit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.codecommit.model.*;

class CodeCommitTest {
    private static final String NOWHERE = "0123456789012345678901234567890123456789";
    @TempDir
    Path work;
    private World world;

    @BeforeEach
    void open() throws Exception {
        world = new World(work);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void a_new_repository_is_empty_and_named_as_aws_names_it() {
        RepositoryMetadata made = world.as(() -> world.codecommit.createRepository(r -> r.repositoryName("shop").repositoryDescription("sells"))
                .repositoryMetadata());

        assertThat(made.arn()).isEqualTo("arn:aws:codecommit:us-east-1:111122223333:shop");
        assertThat(made.cloneUrlHttp()).isEqualTo("https://git-codecommit.us-east-1.amazonaws.com/v1/repos/shop");
        assertThat(made.cloneUrlSsh()).isEqualTo("ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/shop");
        assertThat(made.defaultBranch()).isNull();
        assertThat(world.as(() -> world.codecommit.getRepository(r -> r.repositoryName("shop")).repositoryMetadata())).isEqualTo(made);
        assertThat(world.as(() -> world.codecommit.listBranches(r -> r.repositoryName("shop")).branches())).isEmpty();
        refused(() -> world.codecommit.getBranch(r -> r.repositoryName("shop").branchName("main")), BranchDoesNotExistException.class, "main");
        assertThatThrownBy(() -> world.in("eu-west-1", () -> world.codecommit.getRepository(r -> r.repositoryName("shop"))))
                .isInstanceOf(RepositoryDoesNotExistException.class);
    }

    @Test
    void a_name_is_taken_once_and_what_is_not_there_does_not_exist() {
        world.shop();
        refused(() -> world.codecommit.createRepository(r -> r.repositoryName("shop")), RepositoryNameExistsException.class,
                "Repository named shop already exists");
        refused(() -> world.codecommit.getRepository(r -> r.repositoryName("shoe")), RepositoryDoesNotExistException.class, "shoe does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.git", "team/shop", "", "with space",
        "a2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"})
    void a_name_that_is_none_is_refused_with_the_rules(String name) {
        refused(() -> world.codecommit.createRepository(r -> r.repositoryName(name)), InvalidRepositoryNameException.class,
                "The repository name is not valid.");
    }

    @Test
    void deleting_is_idempotent_and_the_same_name_begins_anew() {
        world.shop();
        String old = world.as(() -> world.codecommit.getRepository(r -> r.repositoryName("shop")).repositoryMetadata().repositoryId());

        assertThat(world.as(() -> world.codecommit.deleteRepository(r -> r.repositoryName("shop")).repositoryId())).isEqualTo(old);
        world.time.settle();
        assertThat(world.as(() -> world.codecommit.deleteRepository(r -> r.repositoryName("shop")).repositoryId())).isNull();
        assertThat(world.git.ids()).isEmpty();
        RepositoryMetadata anew = world.as(() -> world.codecommit.createRepository(r -> r.repositoryName("shop")).repositoryMetadata());
        assertThat(anew.repositoryId()).isNotEqualTo(old);
        assertThat(anew.defaultBranch()).isNull();
    }

    @Test
    void renaming_keeps_id_and_content() {
        String commit = world.shop();
        world.as(() -> world.codecommit.createRepository(r -> r.repositoryName("other")));
        refused(() -> world.codecommit.updateRepositoryName(r -> r.oldName("shop").newName("other")), RepositoryNameExistsException.class, "other");
        world.as(() -> world.codecommit.updateRepositoryName(r -> r.oldName("shop").newName("store")));

        assertThat(world.as(() -> world.codecommit.getBranch(r -> r.repositoryName("store").branchName("main")).branch().commitId()))
                .isEqualTo(commit);
        refused(() -> world.codecommit.getRepository(r -> r.repositoryName("shop")), RepositoryDoesNotExistException.class, "shop");
    }

    @Test
    void several_repositories_are_listed_in_order_and_fetched_at_once() {
        for (String name : List.of("b", "c", "a")) {
            world.as(() -> world.codecommit.createRepository(r -> r.repositoryName(name)));
            world.time.advance(Duration.ofSeconds(1));
        }
        assertThat(names(world.as(() -> world.codecommit.listRepositories()))).containsExactly("a", "b", "c");
        assertThat(names(world.as(() -> world.codecommit.listRepositories(r -> r.sortBy(SortByEnum.LAST_MODIFIED_DATE).order(OrderEnum.DESCENDING)))))
                .containsExactly("a", "c", "b");
        BatchGetRepositoriesResponse batch = world.as(() -> world.codecommit.batchGetRepositories(r -> r.repositoryNames("a", "z")));
        assertThat(batch.repositories()).singleElement().extracting(RepositoryMetadata::repositoryName).isEqualTo("a");
        assertThat(batch.repositoriesNotFound()).containsExactly("z");
        refused(() -> world.codecommit.listRepositories(r -> r.nextToken("garbage")), InvalidContinuationTokenException.class, "token");
    }

    @Test
    void the_first_branch_is_the_default_and_cannot_be_deleted() {
        String commit = world.shop();
        assertThat(world.as(() -> world.codecommit.getRepository(r -> r.repositoryName("shop")).repositoryMetadata().defaultBranch()))
                .isEqualTo("main");
        world.as(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("next").commitId(commit)));

        refused(() -> world.codecommit.deleteBranch(r -> r.repositoryName("shop").branchName("main")), DefaultBranchCannotBeDeletedException.class,
                "default branch");
        refused(() -> world.codecommit.updateDefaultBranch(r -> r.repositoryName("shop").defaultBranchName("gone")),
                BranchDoesNotExistException.class, "gone");
        world.as(() -> world.codecommit.updateDefaultBranch(r -> r.repositoryName("shop").defaultBranchName("next")));
        assertThat(world.as(() -> world.codecommit.deleteBranch(r -> r.repositoryName("shop").branchName("main")).deletedBranch().commitId()))
                .isEqualTo(commit);
        assertThat(world.as(() -> world.codecommit.deleteBranch(r -> r.repositoryName("shop").branchName("main")).deletedBranch())).isNull();
    }

    @Test
    void branches_are_made_only_where_there_is_a_commit_and_under_a_name_git_allows() {
        String commit = world.shop();
        refused(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("main").commitId(commit)),
                BranchNameExistsException.class, "main");
        refused(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("x").commitId(NOWHERE)),
                CommitDoesNotExistException.class, NOWHERE);
        refused(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("x").commitId("abc")), InvalidCommitIdException.class,
                "commit ID");
        refused(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("a..b").commitId(commit)),
                InvalidBranchNameException.class, "branch name");
    }

    @Test
    void more_than_a_hundred_branches_come_in_pages() {
        String commit = world.shop();
        IntStream.range(0, 120)
                .forEach(i -> world.as(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("b" + i).commitId(commit))));
        ListBranchesResponse first = world.as(() -> world.codecommit.listBranches(r -> r.repositoryName("shop")));
        ListBranchesResponse second = world.as(() -> world.codecommit.listBranches(r -> r.repositoryName("shop").nextToken(first.nextToken())));

        assertThat(first.branches()).hasSize(100);
        assertThat(second.branches()).hasSize(21).doesNotContainAnyElementsOf(first.branches());
        assertThat(second.nextToken()).isNull();
        refused(() -> world.codecommit.listBranches(r -> r.repositoryName("shop").nextToken("garbage")),
                InvalidContinuationTokenException.class, "token");
    }

    @Test
    void a_file_is_put_on_top_of_the_tip_the_caller_names() {
        String one = world.shop();
        refused(() -> put("a", "1", null), ParentCommitIdRequiredException.class, "parent commit ID is required");
        refused(() -> put("a", "1", NOWHERE), ParentCommitDoesNotExistException.class, "does not exist");
        refused(() -> put("a", "1", "short"), InvalidParentCommitIdException.class, "not valid");
        refused(() -> put("readme", "hello", one), SameFileContentException.class, "exactly the same");
        refused(() -> put("readme/below", "x", one), DirectoryNameConflictsWithFileNameException.class, "same name as a file");
        refused(() -> put("../up", "x", one), InvalidPathException.class, "path");
        String two = world.put("src/a", "1", one);
        refused(() -> put("src", "x", two), FileNameConflictsWithDirectoryNameException.class, "same name as a directory");
        refused(() -> put("a", "2", one), ParentCommitIdOutdatedException.class, "not the current tip");
        refused(() -> world.codecommit.putFile(r -> r.repositoryName("shop").branchName("gone").filePath("a").fileContent(World.bytes("1"))
                .parentCommitId(two)),
                BranchDoesNotExistException.class, "gone");

        GetFileResponse file = world.as(() -> world.codecommit.getFile(r -> r.repositoryName("shop").filePath("/src/a")));
        assertThat(file.commitId()).isEqualTo(two);
        assertThat(file.fileContent().asUtf8String()).isEqualTo("1");
        assertThat(file.fileSize()).isEqualTo(1);
        Commit commit = world.as(() -> world.codecommit.getCommit(r -> r.repositoryName("shop").commitId(two)).commit());
        assertThat(commit.parents()).containsExactly(one);
        assertThat(commit.message()).isEqualTo("Added src/a");
        assertThat(commit.author().name()).isEqualTo("dev");
        assertThat(commit.author().date()).isEqualTo("1767268800 +0000");
    }

    @Test
    void a_file_is_found_only_where_it_is_and_only_when_it_is_not_too_large() {
        String commit = world.shop();
        String two = world.put("docs/a", "1", commit);
        refused(() -> world.codecommit.getFile(r -> r.repositoryName("shop").filePath("docs")), FileDoesNotExistException.class, "does not exist");
        refused(() -> world.codecommit.getFile(r -> r.repositoryName("shop").filePath("docs/a").commitSpecifier(commit)),
                FileDoesNotExistException.class, "does not exist");
        refused(() -> world.codecommit.getFile(r -> r.repositoryName("shop").filePath("a").commitSpecifier("gone")),
                CommitDoesNotExistException.class, "gone");
        refused(() -> world.codecommit.getFolder(r -> r.repositoryName("shop").folderPath("readme")), FolderDoesNotExistException.class, "folder");
        refused(() -> put("big", "x".repeat(6 * 1024 * 1024 + 1), two), FileContentSizeLimitExceededException.class, "too large");
        refused(() -> world.codecommit.getCommit(r -> r.repositoryName("shop").commitId(NOWHERE)), CommitIdDoesNotExistException.class, NOWHERE);
        refused(() -> world.codecommit.getBlob(r -> r.repositoryName("shop").blobId(NOWHERE)), BlobIdDoesNotExistException.class, "blob");

        GetFolderResponse root = world.as(() -> world.codecommit.getFolder(r -> r.repositoryName("shop").folderPath("/")));
        assertThat(root.subFolders()).singleElement().extracting(Folder::absolutePath).isEqualTo("docs");
        assertThat(root.files()).singleElement().extracting(File::relativePath, File::fileMode).containsExactly("readme", FileModeTypeEnum.NORMAL);
    }

    @Test
    void a_commit_puts_moves_deletes_and_changes_modes_at_once() {
        String one = world.shop();
        String two = world.put("gone/a", "1", one);
        CreateCommitResponse made = world.as(() -> world.codecommit.createCommit(r -> r.repositoryName("shop").branchName("main").parentCommitId(two)
                .keepEmptyFolders(true)
                .putFiles(p -> p.filePath("new").fileContent(World.bytes("n")).fileMode(FileModeTypeEnum.EXECUTABLE),
                        p -> p.filePath("moved").sourceFile(s -> s.filePath("readme").isMove(true)))
                .deleteFiles(d -> d.filePath("gone/a"))));

        assertThat(made.filesAdded()).extracting(FileMetadata::absolutePath).containsExactly("gone/.gitkeep", "moved", "new");
        assertThat(made.filesDeleted()).extracting(FileMetadata::absolutePath).containsExactly("gone/a", "readme");
        CreateCommitResponse mode = world.as(() -> world.codecommit.createCommit(r -> r.repositoryName("shop").branchName("main")
                .parentCommitId(made.commitId())
                .setFileModes(m -> m.filePath("new").fileMode(FileModeTypeEnum.NORMAL))));
        assertThat(mode.filesUpdated()).singleElement().extracting(FileMetadata::fileMode).isEqualTo(FileModeTypeEnum.NORMAL);
    }

    @Test
    void a_commit_that_contradicts_itself_or_changes_nothing_is_refused() {
        String one = world.shop();
        refused(() -> commit(one), FileEntryRequiredException.class, "no files");
        refused(() -> commit(one, PutFileEntry.builder().filePath("readme").fileContent(World.bytes("hello")).build()), NoChangeException.class,
                "no changes");
        refused(() -> commit(one, entry("a"), entry("a")), SamePathRequestException.class, "same file path");
        refused(() -> commit(one, PutFileEntry.builder().filePath("a").build()), SourceFileOrContentRequiredException.class, "no source files");
        refused(() -> commit(one, entry("a").toBuilder().sourceFile(s -> s.filePath("readme")).build()),
                FileContentAndSourceFileSpecifiedException.class, "both");
        refused(() -> commit(one, IntStream.range(0, 101).mapToObj(i -> entry("f" + i)).toArray(PutFileEntry[]::new)),
                MaximumFileEntriesExceededException.class, "maximum number");
        assertThat(world.told()).hasSize(1);
    }

    @Test
    void differences_list_everything_or_what_changed_in_pages() {
        String one = world.shop();
        String two = world.put("a", "1", one);
        String three = world.as(() -> world.codecommit.deleteFile(r -> r.repositoryName("shop").branchName("main").filePath("readme")
                .parentCommitId(two))).commitId();

        assertThat(world.as(() -> world.codecommit.getDifferences(r -> r.repositoryName("shop").afterCommitSpecifier(two)).differences()))
                .extracting(Difference::changeType).containsExactly(ChangeTypeEnum.A, ChangeTypeEnum.A);
        GetDifferencesResponse first = world.as(() -> world.codecommit.getDifferences(r -> r.repositoryName("shop").beforeCommitSpecifier(one)
                .afterCommitSpecifier("main").maxResults(1)));
        assertThat(first.differences()).singleElement().satisfies(d -> assertThat(d.afterBlob().path()).isEqualTo("a"));
        GetDifferencesResponse second = world.as(() -> world.codecommit.getDifferences(r -> r.repositoryName("shop").beforeCommitSpecifier(one)
                .afterCommitSpecifier(three).maxResults(1)
                .nextToken(first.nextToken())));
        assertThat(second.differences()).singleElement().satisfies(d -> assertThat(d.changeType()).isEqualTo(ChangeTypeEnum.D));
        assertThat(second.nextToken()).isNull();
        refused(() -> world.codecommit.getDifferences(r -> r.repositoryName("shop").afterCommitSpecifier(two).afterPath("gone")),
                PathDoesNotExistException.class, "path");
    }

    @Test
    void tags_are_kept_by_arn() {
        String arn = world.as(() -> world.codecommit.createRepository(r -> r.repositoryName("shop").tags(Map.of("a", "1"))))
                .repositoryMetadata().arn();
        world.as(() -> world.codecommit.tagResource(r -> r.resourceArn(arn).tags(Map.of("b", "2"))));
        world.as(() -> world.codecommit.untagResource(r -> r.resourceArn(arn).tagKeys("a")));

        assertThat(world.as(() -> world.codecommit.listTagsForResource(r -> r.resourceArn(arn)).tags())).containsExactly(Map.entry("b", "2"));
        refused(() -> world.codecommit.listTagsForResource(r -> r.resourceArn("nonsense")), InvalidResourceArnException.class, "ARN");
        refused(() -> world.codecommit.listTagsForResource(r -> r.resourceArn(arn + "2")), RepositoryDoesNotExistException.class, "shop2");
    }

    @Test
    void every_ref_moved_by_api_is_told_in_order_and_forgotten_after_a_week() {
        String one = world.shop();
        String two = world.put("a", "1", one);
        world.as(() -> world.codecommit.createBranch(r -> r.repositoryName("shop").branchName("next").commitId(two)));
        world.as(() -> world.codecommit.deleteBranch(r -> r.repositoryName("shop").branchName("next")));

        assertThat(world.told()).extracting(RefEvent::shortName).containsExactly("main", "main", "next", "next");
        assertThat(world.told().get(1)).satisfies(event -> {
            assertThat(event.before()).contains(one);
            assertThat(event.after()).contains(two);
            assertThat(event.callerArn()).isEqualTo("arn:aws:iam::111122223333:user/dev");
            assertThat(event.repositoryName()).isEqualTo("shop");
        });
        assertThat(world.told().getLast().after()).isEmpty();
        world.time.advance(Duration.ofDays(8));
        assertThat(world.store.table(RefEvents.TABLE, RefEvent.class).list()).isEmpty();
    }

    @Test
    void the_archive_of_a_commit_is_a_zip_of_its_files() throws Exception {
        String commit = world.shop();
        Path zip = work.resolve("source.zip");
        world.as(() -> {
            try {
                world.codecommit.archive("shop", commit, zip);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return true;
        });
        try (var files = java.nio.file.FileSystems.newFileSystem(zip)) {
            assertThat(Files.readString(files.getPath("readme"))).isEqualTo("hello");
        }
    }

    @Test
    void a_key_of_ones_own_is_not_pretended() {
        assertThatThrownBy(() -> world.as(() -> world.codecommit.createRepository(r -> r.repositoryName("shop").kmsKeyId("alias/mine"))))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private PutFileResponse put(String path, String content, @org.jspecify.annotations.Nullable String parent) {
        return world.codecommit.putFile(r -> r.repositoryName("shop").branchName("main").filePath(path).fileContent(World.bytes(content))
                .parentCommitId(parent));
    }

    private CreateCommitResponse commit(String parent, PutFileEntry... files) {
        return world.codecommit.createCommit(r -> r.repositoryName("shop").branchName("main").parentCommitId(parent).putFiles(files));
    }

    private static PutFileEntry entry(String path) {
        return PutFileEntry.builder().filePath(path).fileContent(World.bytes(path)).build();
    }

    private static List<String> names(ListRepositoriesResponse response) {
        return response.repositories().stream().map(RepositoryNameIdPair::repositoryName).toList();
    }

    private void refused(java.util.function.Supplier<?> call, Class<? extends CodeCommitException> type, String text) {
        ThrowingCallable asCaller = () -> world.as(call);
        assertThatThrownBy(asCaller).isInstanceOf(type).hasMessageContaining(text);
    }
}
