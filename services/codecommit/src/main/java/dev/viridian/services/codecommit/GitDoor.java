package dev.viridian.services.codecommit;

import dev.viridian.git.GitAccess;
import dev.viridian.git.GitRepositories;
import dev.viridian.git.GitRepository;
import dev.viridian.git.RefGuard;
import dev.viridian.git.RefUpdate;
import dev.viridian.services.codecommit.GitAuthority.Identity;
import dev.viridian.services.codecommit.GitAuthority.Login;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/// Lets git clients in, answering as CodeCommit does: 401 without credentials, 403 for wrong ones and for what policies deny, 404 for a repository
/// that is not there.
final class GitDoor implements GitAccess {
    private static final Pattern PATH = Pattern.compile("/v1/repos/(?<name>[\\w.-]+)");
    private static final Pattern AWS_HOST =
            Pattern.compile("git-codecommit(-fips)?\\.(?<region>[a-z0-9-]+)\\.(amazonaws\\.com(\\.cn)?|localhost)(:\\d+)?");

    private final Repositories repositories;
    private final GitRepositories git;
    private final GitAuthority authority;

    GitDoor(Repositories repositories, GitRepositories git, GitAuthority authority) {
        this.repositories = repositories;
        this.git = git;
        this.authority = authority;
    }

    @Override
    public Decision admit(Attempt attempt) {
        Matcher path = PATH.matcher(attempt.path());
        if (!path.matches()) {
            return new Decision.NotFound("repositories are at /v1/repos/<name>, not at " + attempt.path());
        }
        if (attempt.credentials().isEmpty()) {
            return new Decision.Unauthenticated("AWS CodeCommit");
        }
        return admit(attempt, attempt.credentials().get(), path.group("name"));
    }

    private Decision admit(Attempt attempt, Credentials credentials, String name) {
        Optional<String> hostRegion = hostRegion(attempt.host());
        List<String> candidates = hostRegion.map(List::of).orElseGet(() -> candidates(name));
        Optional<Identity> known = authority.identify(new Login(credentials.user(), credentials.password(), attempt.host(), attempt.path(),
                candidates));
        if (known.isEmpty()) {
            return new Decision.Forbidden("the credentials are wrong or no longer valid");
        }
        Identity identity = known.get();
        List<String> regions = identity.region().map(List::of).orElse(candidates);
        Optional<Repository> repository = regions.stream().flatMap(region -> repositories.find(identity.account(), region, name).stream())
                .findFirst();
        if (repository.isEmpty()) {
            return new Decision.NotFound("repository " + name + " not found");
        }
        String action = attempt.write() ? "codecommit:GitPush" : "codecommit:GitPull";
        if (!authority.allows(identity, action, repository.get().arn(), List.of())) {
            return new Decision.Forbidden(identity.principal().arn() + " is not authorized to perform: " + action + " on resource: "
                    + repository.get().arn());
        }
        return new Decision.Admitted(repository.get().id(), identity.principal().arn(), guard(identity, repository.get()));
    }

    private RefGuard guard(Identity identity, Repository repository) {
        return update -> {
            if (update.deleted() && isDefault(repository, update)) {
                return Optional.of("The default branch cannot be deleted");
            }
            return authority.allows(identity, "codecommit:GitPush", repository.arn(), List.of(update.ref())) ? Optional.empty()
                    : Optional.of("You don't have permission to push changes to this branch.");
        };
    }

    private boolean isDefault(Repository repository, RefUpdate update) {
        return update.isBranch() && git.find(repository.id()).flatMap(GitRepository::defaultBranch).equals(Optional.of(update.shortName()));
    }

    /// Where somebody has a repository of that name, then every region: a signature says nothing about the region it was made for.
    private List<String> candidates(String name) {
        Set<String> candidates = new LinkedHashSet<>(repositories.regionsOf(name));
        Region.regions().forEach(region -> candidates.add(region.id()));
        return List.copyOf(candidates);
    }

    private static Optional<String> hostRegion(String host) {
        Matcher matcher = AWS_HOST.matcher(host);
        return matcher.matches() ? Optional.of(matcher.group("region")) : Optional.empty();
    }
}
