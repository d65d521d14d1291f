package dev.viridian.services.codecommit;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import dev.viridian.git.GitAccess;
import dev.viridian.git.GitRepositories;
import dev.viridian.git.GitRepository;
import dev.viridian.git.Push;
import dev.viridian.git.PushListener;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.*;

/// AWS CodeCommit of this process. See the package for what differs from AWS.
public final class CodeCommit implements CodeCommitClient {
    private static final int REPOSITORIES_IN_A_PAGE = 1_000;
    private static final int BRANCHES_IN_A_PAGE = 100;
    private static final int MOST_REPOSITORIES_AT_ONCE = 100;

    private final RefEvents events;
    private final Repositories repositories;
    private final Branches branches;
    private final Contents contents;
    private final Commits commits;
    private final GitDoor door;

    /// Records at once what moved but was not recorded when the process last died. Comes before [Work#start].
    ///
    /// @param authority whose git credentials are whose
    public CodeCommit(Store store, Work work, Time time, GitRepositories git, GitAuthority authority) {
        this.events = new RefEvents(store, work, time);
        this.repositories = new Repositories(store, work, time, git, events);
        this.branches = new Branches(repositories, events);
        this.contents = new Contents(repositories);
        this.commits = new Commits(repositories, branches, time);
        this.door = new GitDoor(repositories, git, authority);
        repositories.recover();
    }

    /// For the git host: who may come in, and to which repository.
    public GitAccess gitAccess() {
        return door;
    }

    /// For the git host: what is recorded of a push.
    public PushListener pushListener() {
        return this::record;
    }

    /// Calls `handler` for every ref that moves from now on, in order, at least once. Comes before [Work#start].
    public void follow(String subscriber, Consumer<RefEvent> handler) {
        events.follow(subscriber, handler);
    }

    /// Writes the files of a commit as a zip. Stands in for the private operation `codecommit:UploadArchive` by which CodePipeline gets its source.
    public void archive(String repositoryName, String commit, Path target) throws IOException {
        GitRepository git = repositories.git(repositories.require(repositoryName));
        if (git.commit(commit).isEmpty()) {
            throw Refusals.noCommitId(commit);
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            git.archive(commit, out);
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // the store and the repositories belong to the assembly
    }

    /// A push to a repository that was deleted meanwhile has nobody to tell.
    private void record(Push push) {
        repositories.byId(push.repository()).ifPresent(repository -> {
            events.record(repository, push.pusher(), push.updates());
            repositories.touch(repository);
        });
    }

    // repositories

    @Override
    public CreateRepositoryResponse createRepository(CreateRepositoryRequest request) {
        if (request.kmsKeyId() != null) {
            throw new UnsupportedOperationException("CreateRepository with a kmsKeyId: repositories are not encrypted here");
        }
        Repository repository = repositories.create(request.repositoryName(), Optional.ofNullable(request.repositoryDescription()), request.tags());
        return CreateRepositoryResponse.builder().repositoryMetadata(metadata(repository)).build();
    }

    @Override
    public GetRepositoryResponse getRepository(GetRepositoryRequest request) {
        return GetRepositoryResponse.builder().repositoryMetadata(metadata(repositories.require(request.repositoryName()))).build();
    }

    @Override
    public BatchGetRepositoriesResponse batchGetRepositories(BatchGetRepositoriesRequest request) {
        if (request.repositoryNames().size() > MOST_REPOSITORIES_AT_ONCE) {
            throw MaximumRepositoryNamesExceededException.builder()
                    .message("The maximum number of allowed repository names was exceeded. Currently, this number is 100.").build();
        }
        List<RepositoryMetadata> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : request.repositoryNames()) {
            repositories.find(name).map(this::metadata).ifPresentOrElse(found::add, () -> missing.add(name));
        }
        return BatchGetRepositoriesResponse.builder().repositories(found).repositoriesNotFound(missing)
                .errors(missing.stream().map(CodeCommit::missing).toList()).build();
    }

    private static BatchGetRepositoriesError missing(String name) {
        return BatchGetRepositoriesError.builder().repositoryName(name).errorMessage(Refusals.noRepository(name).getMessage())
                .errorCode(BatchGetRepositoriesErrorCodeEnum.REPOSITORY_DOES_NOT_EXIST_EXCEPTION).build();
    }

    @Override
    public ListRepositoriesResponse listRepositories(ListRepositoriesRequest request) {
        Comparator<Repository> order = request.sortBy() == SortByEnum.LAST_MODIFIED_DATE ? Comparator.comparing(Repository::modified)
                : Comparator.comparing(Repository::name);
        List<Repository> all = repositories.list().stream().sorted(request.order() == OrderEnum.DESCENDING ? order.reversed() : order).toList();
        Pages.Page<Repository> page = page(() -> Pages.of(all, request.nextToken(), null, REPOSITORIES_IN_A_PAGE));
        return ListRepositoriesResponse.builder().nextToken(page.nextToken()).repositories(page.items().stream()
                .map(repository -> RepositoryNameIdPair.builder().repositoryName(repository.name()).repositoryId(repository.id()).build())
                .toList()).build();
    }

    /// Deleting what is not there succeeds and names no id. Source: CodeCommit API reference, DeleteRepository.
    @Override
    public DeleteRepositoryResponse deleteRepository(DeleteRepositoryRequest request) {
        return DeleteRepositoryResponse.builder().repositoryId(repositories.delete(request.repositoryName()).map(Repository::id)
                .orElse(null)).build();
    }

    @Override
    public UpdateRepositoryNameResponse updateRepositoryName(UpdateRepositoryNameRequest request) {
        repositories.rename(request.oldName(), request.newName());
        return UpdateRepositoryNameResponse.builder().build();
    }

    @Override
    public UpdateRepositoryDescriptionResponse updateRepositoryDescription(UpdateRepositoryDescriptionRequest request) {
        repositories.describe(request.repositoryName(), Optional.ofNullable(request.repositoryDescription()));
        return UpdateRepositoryDescriptionResponse.builder().build();
    }

    private RepositoryMetadata metadata(Repository repository) {
        return repository.metadata(repositories.git(repository).defaultBranch());
    }

    // branches

    @Override
    public UpdateDefaultBranchResponse updateDefaultBranch(UpdateDefaultBranchRequest request) {
        branches.makeDefault(request.repositoryName(), request.defaultBranchName());
        return UpdateDefaultBranchResponse.builder().build();
    }

    @Override
    public CreateBranchResponse createBranch(CreateBranchRequest request) {
        branches.create(request.repositoryName(), request.branchName(), request.commitId());
        return CreateBranchResponse.builder().build();
    }

    @Override
    public GetBranchResponse getBranch(GetBranchRequest request) {
        return GetBranchResponse.builder().branch(branches.get(request.repositoryName(), request.branchName())).build();
    }

    @Override
    public ListBranchesResponse listBranches(ListBranchesRequest request) {
        List<String> all = branches.list(request.repositoryName());
        Pages.Page<String> page = page(() -> Pages.of(all, name -> name, request.nextToken(), null, BRANCHES_IN_A_PAGE));
        return ListBranchesResponse.builder().branches(page.items()).nextToken(page.nextToken()).build();
    }

    @Override
    public DeleteBranchResponse deleteBranch(DeleteBranchRequest request) {
        return DeleteBranchResponse.builder().deletedBranch(branches.delete(request.repositoryName(), request.branchName()).orElse(null)).build();
    }

    // commits and files

    @Override
    public GetCommitResponse getCommit(GetCommitRequest request) {
        return GetCommitResponse.builder().commit(contents.commit(request.repositoryName(), request.commitId())).build();
    }

    @Override
    public BatchGetCommitsResponse batchGetCommits(BatchGetCommitsRequest request) {
        return contents.commits(request);
    }

    @Override
    public GetFileResponse getFile(GetFileRequest request) {
        return contents.file(request);
    }

    @Override
    public GetFolderResponse getFolder(GetFolderRequest request) {
        return contents.folder(request);
    }

    @Override
    public GetBlobResponse getBlob(GetBlobRequest request) {
        return contents.blob(request);
    }

    @Override
    public GetDifferencesResponse getDifferences(GetDifferencesRequest request) {
        return contents.differences(request);
    }

    @Override
    public PutFileResponse putFile(PutFileRequest request) {
        return commits.put(request);
    }

    @Override
    public DeleteFileResponse deleteFile(DeleteFileRequest request) {
        return commits.delete(request);
    }

    @Override
    public CreateCommitResponse createCommit(CreateCommitRequest request) {
        return commits.create(request);
    }

    // tags

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        repositories.tag(request.resourceArn(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        repositories.untag(request.resourceArn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder().tags(repositories.tags(request.resourceArn())).build();
    }

    private static <T> Pages.Page<T> page(Supplier<Pages.Page<T>> cut) {
        try {
            return cut.get();
        } catch (Pages.InvalidToken _) {
            throw Refusals.token();
        }
    }
}
