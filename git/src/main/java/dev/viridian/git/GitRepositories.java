package dev.viridian.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// The bare repositories below one folder, each under an id its creator chose.
///
/// A folder belongs to one process at a time. Repositories come and go by renaming, so that a crash never leaves half of one under its id; what a
/// crash leaves elsewhere (lock files, packs half received) is swept away when the folder, and then each repository, is opened the next time.
public final class GitRepositories implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final String SUFFIX = ".git";
    private static final String BRANCH_UNTIL_ONE_IS_PUSHED = Constants.R_HEADS + "main";

    private final Path folder;
    private final Map<String, GitRepository> open = new ConcurrentHashMap<>();

    private GitRepositories(Path folder) {
        this.folder = folder;
    }

    public static GitRepositories open(Path folder) {
        IsolatedSystemReader.install();
        try {
            Files.createDirectories(folder);
            try (Stream<Path> left = Files.list(folder).filter(path -> path.getFileName().toString().startsWith("."))) {
                for (Path path : left.toList()) {
                    deleteTree(path);
                }
            }
            return new GitRepositories(folder);
        } catch (IOException e) {
            throw new GitException("open the folder of repositories " + folder, e);
        }
    }

    /// An empty repository under a new id.
    ///
    /// @throws IllegalArgumentException when the id is not made of letters, digits, dots, dashes and underscores
    /// @throws IllegalStateException when the id is taken
    public GitRepository create(String id) {
        Path target = path(id);
        Path birth = folder.resolve(".new-" + UUID.randomUUID());
        try {
            initialise(birth);
            Files.move(birth, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(target)) {
                throw new IllegalStateException("a git repository with the id " + id + " exists already", e);
            }
            throw new GitException("create the git repository " + id, e);
        }
        return require(id);
    }

    public Optional<GitRepository> find(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        GitRepository known = open.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        return Files.isDirectory(path(id)) ? Optional.of(open.computeIfAbsent(id, this::load)) : Optional.empty();
    }

    /// @throws IllegalStateException when there is no such repository
    public GitRepository require(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no git repository with the id " + id + " below " + folder));
    }

    /// False when there was none.
    public boolean delete(String id) {
        Path trash = folder.resolve(".deleted-" + UUID.randomUUID());
        try {
            Files.move(path(id), trash, StandardCopyOption.ATOMIC_MOVE);
            GitRepository known = open.remove(id);
            if (known != null) {
                known.close();
            }
            deleteTree(trash);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new GitException("delete the git repository " + id, e);
        }
    }

    /// The ids of all repositories, sorted.
    public List<String> ids() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted().toList();
        } catch (IOException e) {
            throw new GitException("list the git repositories below " + folder, e);
        }
    }

    @Override
    public void close() {
        open.values().forEach(GitRepository::close);
        open.clear();
    }

    private Path path(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not an id of a git repository: " + id);
        }
        return folder.resolve(id + SUFFIX);
    }

    private static void initialise(Path path) throws IOException {
        try (Repository repository = new FileRepositoryBuilder().setGitDir(path.toFile()).setBare().build()) {
            repository.create(true);
            StoredConfig config = repository.getConfig();
            config.setBoolean("core", null, "fsyncObjectFiles", true);
            config.setBoolean("core", null, "fsyncRefFiles", true);
            config.setBoolean("core", null, "logAllRefUpdates", true);
            // tidying is asked for, so that it never runs beside a push; nobody else has these files open, so what it replaced can go at once
            config.setBoolean("receive", null, "autogc", false);
            config.setInt("gc", null, "auto", 0);
            config.setString("gc", null, "prunePackExpire", "now");
            config.setBoolean("uploadpack", null, "allowFilter", true);
            config.setBoolean("uploadpack", null, "allowReachableSHA1InWant", true);
            config.save();
            repository.updateRef(Constants.HEAD).link(BRANCH_UNTIL_ONE_IS_PUSHED);
        }
    }

    private GitRepository load(String id) {
        try {
            sweep(path(id));
            Repository repository = new FileRepositoryBuilder().setGitDir(path(id).toFile()).setBare().setMustExist(true).build();
            return GitRepository.opened(id, repository);
        } catch (IOException e) {
            throw new GitException("open the git repository " + id, e);
        }
    }

    /// Removes what a process that was killed in the middle of a write left behind: locks would block their ref for ever. No ref can be taken for
    /// one, as git allows no name that ends in `.lock` and temporary objects are looked for only among objects.
    private static void sweep(Path repository) throws IOException {
        Path objects = repository.resolve("objects");
        try (Stream<Path> files = Files.walk(repository)) {
            List<Path> left = files.filter(path -> isLeftover(path.getFileName().toString(), path.startsWith(objects)))
                    .filter(Files::isRegularFile).toList();
            for (Path path : left) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static boolean isLeftover(String name, boolean object) {
        return name.endsWith(".lock") || object && (name.startsWith("incoming_") || name.startsWith("noz") || name.endsWith("_tmp"));
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
