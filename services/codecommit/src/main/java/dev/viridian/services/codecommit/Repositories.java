package dev.viridian.services.codecommit;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.git.GitRepositories;
import dev.viridian.git.GitRepository;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.codecommit.model.InvalidResourceArnException;
import software.amazon.awssdk.services.codecommit.model.TooManyTagsException;

/// Which repositories there are. The row decides; the folder of the git host follows it, also after a crash in between.
final class Repositories {
    private static final String DELETE = "codecommit.delete-git-repository";
    private static final String TIDY = "codecommit.tidy-git-repository";
    /// Pushes tend to come one upon the other, and wait while a repository is tidied.
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int MOST_TAGS = 50;

    private final Store store;
    private final Work work;
    private final Time time;
    private final GitRepositories git;
    private final RefEvents events;
    private final Table<Repository> rows;
    /// From a repository's id to the key of its row.
    private final Table<String> keys;

    Repositories(Store store, Work work, Time time, GitRepositories git, RefEvents events) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.git = git;
        this.events = events;
        this.rows = store.table("codecommit.repositories", Repository.class);
        this.keys = store.table("codecommit.repository-keys", String.class);
        work.handle(DELETE, id -> {
            git.delete(id);
            return Next.done();
        });
        work.handle(TIDY, id -> {
            git.find(id).filter(GitRepository::isUntidy).ifPresent(GitRepository::tidy);
            return Next.done();
        });
    }

    /// Finishes what a crash interrupted.
    void recover() {
        rows.list().forEach(repository -> events.catchUp(repository, git.find(repository.id()).orElseGet(() -> git.create(repository.id()))));
    }

    Repository create(String name, Optional<String> description, Map<String, String> tags) {
        checkName(name);
        checkTags(tags);
        Caller caller = Caller.current();
        Repository repository = new Repository(Ids.uuid(), caller.account(), caller.region(), name, description, time.now(), time.now(), tags);
        store.transact(() -> {
            if (!rows.putIfAbsent(repository.key(), repository)) {
                throw Refusals.repositoryExists(name);
            }
            keys.put(repository.id(), repository.key());
        });
        git.create(repository.id());
        return repository;
    }

    Optional<Repository> find(String name) {
        return find(Caller.current().account(), Caller.current().region(), name);
    }

    Optional<Repository> find(String account, String region, String name) {
        return rows.find(Key.of(account, region, name));
    }

    Repository require(String name) {
        checkName(name);
        return find(name).orElseThrow(() -> Refusals.noRepository(name));
    }

    Optional<Repository> byId(String id) {
        return keys.find(id).flatMap(rows::find);
    }

    List<Repository> list() {
        return rows.list(Key.under(Caller.current().account(), Caller.current().region()));
    }

    List<String> regionsOf(String name) {
        return rows.list().stream().filter(repository -> repository.name().equals(name)).map(Repository::region).distinct().toList();
    }

    /// Not there for a moment while the repository is created or deleted.
    GitRepository git(Repository repository) {
        return git.find(repository.id()).orElseThrow(() -> Refusals.noRepository(repository.name()));
    }

    Optional<Repository> delete(String name) {
        checkName(name);
        return store.transact(() -> find(name).map(repository -> {
            rows.delete(repository.key());
            keys.delete(repository.id());
            events.forget(repository);
            work.wake(DELETE, repository.id());
            return repository;
        }));
    }

    void rename(String oldName, String newName) {
        checkName(newName);
        store.transact(() -> {
            Repository repository = require(oldName);
            Repository renamed = repository.named(newName, time.now());
            if (!rows.putIfAbsent(renamed.key(), renamed)) {
                throw Refusals.repositoryExists(newName);
            }
            rows.delete(repository.key());
            keys.put(repository.id(), renamed.key());
        });
    }

    void describe(String name, Optional<String> description) {
        store.transact(() -> rows.put(require(name).key(), require(name).described(description, time.now())));
    }

    /// Something moved in there.
    void touch(Repository repository) {
        store.transact(() -> byId(repository.id()).ifPresent(row -> {
            rows.put(row.key(), row.touched(time.now()));
            work.at(TIDY, row.id(), time.now().plus(QUIET));
        }));
    }

    Map<String, String> tags(String arn) {
        return byArn(arn).tags();
    }

    void tag(String arn, Map<String, String> added) {
        store.transact(() -> {
            Repository repository = byArn(arn);
            Map<String, String> tags = new TreeMap<>(repository.tags());
            tags.putAll(added);
            checkTags(tags);
            rows.put(repository.key(), repository.tagged(tags));
        });
    }

    void untag(String arn, List<String> removed) {
        store.transact(() -> {
            Repository repository = byArn(arn);
            Map<String, String> tags = new TreeMap<>(repository.tags());
            removed.forEach(tags::remove);
            rows.put(repository.key(), repository.tagged(tags));
        });
    }

    private Repository byArn(String text) {
        if (!Arn.isArn(text) || !Arn.parse(text).service().equals("codecommit")) {
            throw InvalidResourceArnException.builder()
                    .message("The value for the resource ARN is not valid. For more information about resources in AWS CodeCommit, see "
                    + "CodeCommit Resources and Operations in the AWS CodeCommit User Guide.").build();
        }
        Arn arn = Arn.parse(text);
        return find(arn.account(), arn.region(), arn.resource()).filter(found -> found.account().equals(Caller.current().account()))
                .orElseThrow(() -> Refusals.noRepository(arn.resource()));
    }

    private static void checkName(String name) {
        if (!name.matches("[\\w.-]{1,100}") || name.endsWith(".git")) {
            throw Refusals.repositoryName();
        }
    }

    private static void checkTags(Map<String, String> tags) {
        if (tags.size() > MOST_TAGS) {
            throw TooManyTagsException.builder().message("The maximum number of tags for an AWS CodeCommit resource has been exceeded.").build();
        }
    }
}
