package dev.viridian.services.codedeploy;

import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ApplicationInfo;
import software.amazon.awssdk.services.codedeploy.model.ApplicationRevisionSortBy;
import software.amazon.awssdk.services.codedeploy.model.BucketNameFilterRequiredException;
import software.amazon.awssdk.services.codedeploy.model.GenericRevisionInfo;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeployedStateFilterException;
import software.amazon.awssdk.services.codedeploy.model.InvalidSortByException;
import software.amazon.awssdk.services.codedeploy.model.InvalidSortOrderException;
import software.amazon.awssdk.services.codedeploy.model.ListApplicationRevisionsRequest;
import software.amazon.awssdk.services.codedeploy.model.ListStateFilterAction;
import software.amazon.awssdk.services.codedeploy.model.RevisionDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.RevisionInfo;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.S3Location;
import software.amazon.awssdk.services.codedeploy.model.SortOrder;

/// Owns the revisions of applications: what was registered or deployed, where it lies and when it was used.
final class ApplicationRevisions {
    private final Store store;
    private final Time time;
    private final Table<RevisionInfo> revisions;

    ApplicationRevisions(Store store, Time time) {
        this.store = store;
        this.time = time;
        this.revisions = store.table("codedeploy.revisions", RevisionInfo.class);
    }

    /// Registering again changes the description only.
    void register(ApplicationInfo application, RevisionLocation revision, @Nullable String description) {
        change(application, revision, info -> description == null ? info : info.toBuilder().description(description).build());
    }

    void use(ApplicationInfo application, RevisionLocation revision, String group) {
        Instant now = time.now();
        change(application, revision, info -> info.toBuilder()
                .firstUsedTime(info.firstUsedTime() == null ? now : info.firstUsedTime())
                .lastUsedTime(now)
                .deploymentGroups(Stream.concat(info.deploymentGroups().stream(), Stream.of(group)).collect(Collectors.toCollection(TreeSet::new)))
                .build());
    }

    private void change(ApplicationInfo application, RevisionLocation revision, UnaryOperator<GenericRevisionInfo> change) {
        store.transact(() -> {
            GenericRevisionInfo info = find(application, revision)
                    .map(RevisionInfo::genericRevisionInfo)
                    .orElseGet(() -> GenericRevisionInfo.builder().registerTime(time.now()).build());
            revisions.put(key(application, revision), RevisionInfo.builder()
                    .revisionLocation(revision)
                    .genericRevisionInfo(change.apply(info))
                    .build());
        });
    }

    RevisionInfo get(ApplicationInfo application, RevisionLocation revision) {
        return find(application, revision)
                .orElseThrow(() -> RevisionDoesNotExistException.builder()
                        .message("The named revision does not exist in application " + application.applicationName())
                        .build());
    }

    Optional<RevisionInfo> find(ApplicationInfo application, RevisionLocation revision) {
        return revisions.find(key(application, revision));
    }

    void deleteAllOf(ApplicationInfo application) {
        revisions.rows(Names.under(application.applicationId())).forEach(row -> revisions.delete(row.key()));
    }

    /// @param isTarget whether a revision is what some group of the application last deployed
    List<RevisionInfo> list(ApplicationInfo application, ListApplicationRevisionsRequest request, Predicate<RevisionLocation> isTarget) {
        checkFilters(request);
        return revisions.list(Names.under(application.applicationId())).stream()
                .filter(info -> liesIn(info.revisionLocation(), request))
                .filter(info -> isWanted(request.deployed(), isTarget.test(info.revisionLocation())))
                .sorted(order(request))
                .toList();
    }

    private static void checkFilters(ListApplicationRevisionsRequest request) {
        if (request.sortBy() == ApplicationRevisionSortBy.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidSortByException.builder().message("The column name to sort by is not known: " + request.sortByAsString()).build();
        }
        if (request.sortOrder() == SortOrder.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidSortOrderException.builder().message("The sort order is not known: " + request.sortOrderAsString()).build();
        }
        if (request.deployed() == ListStateFilterAction.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidDeployedStateFilterException.builder()
                    .message("The deployed state filter is not known: " + request.deployedAsString())
                    .build();
        }
        if (!Names.isMissing(request.s3KeyPrefix()) && Names.isMissing(request.s3Bucket())) {
            throw BucketNameFilterRequiredException.builder().message("A bucket name is required, but was not provided.").build();
        }
    }

    private static boolean liesIn(RevisionLocation location, ListApplicationRevisionsRequest request) {
        if (Names.isMissing(request.s3Bucket())) {
            return true;
        }
        S3Location s3 = location.s3Location();
        return s3 != null
                && s3.bucket().equals(request.s3Bucket())
                && (request.s3KeyPrefix() == null || s3.key().startsWith(request.s3KeyPrefix()));
    }

    private static boolean isWanted(@Nullable ListStateFilterAction filter, boolean target) {
        return filter == null || filter == ListStateFilterAction.IGNORE || target == (filter == ListStateFilterAction.INCLUDE);
    }

    /// What was never used sorts first.
    private static Comparator<RevisionInfo> order(ListApplicationRevisionsRequest request) {
        ApplicationRevisionSortBy by = request.sortBy() == null ? ApplicationRevisionSortBy.REGISTER_TIME : request.sortBy();
        Comparator<RevisionInfo> ascending = Comparator.comparing(info -> moment(info.genericRevisionInfo(), by));
        return request.sortOrder() == SortOrder.DESCENDING ? ascending.reversed() : ascending;
    }

    private static Instant moment(GenericRevisionInfo info, ApplicationRevisionSortBy by) {
        Instant moment = switch (by) {
            case FIRST_USED_TIME -> info.firstUsedTime();
            case LAST_USED_TIME -> info.lastUsedTime();
            case REGISTER_TIME, UNKNOWN_TO_SDK_VERSION -> info.registerTime();
        };
        return moment == null ? Instant.EPOCH : moment;
    }

    private static String key(ApplicationInfo application, RevisionLocation revision) {
        return Names.key(application.applicationId(), identity(revision));
    }

    private static String identity(RevisionLocation revision) {
        return switch (revision.revisionType()) {
            case S3 -> "s3/" + revision.s3Location().bucket() + "/" + revision.s3Location().key()
                    + "?" + revision.s3Location().version() + "#" + revision.s3Location().eTag();
            case STRING -> "string/" + revision.string().sha256();
            case APP_SPEC_CONTENT -> "appspec/" + revision.appSpecContent().sha256();
            case GIT_HUB, UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("a revision of this type is never accepted");
        };
    }
}
