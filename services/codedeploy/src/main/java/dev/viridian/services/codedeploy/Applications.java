package dev.viridian.services.codedeploy;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ApplicationAlreadyExistsException;
import software.amazon.awssdk.services.codedeploy.model.ApplicationDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.ApplicationInfo;
import software.amazon.awssdk.services.codedeploy.model.ApplicationLimitExceededException;
import software.amazon.awssdk.services.codedeploy.model.ApplicationNameRequiredException;
import software.amazon.awssdk.services.codedeploy.model.BatchGetApplicationsRequest;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.CreateApplicationRequest;
import software.amazon.awssdk.services.codedeploy.model.InvalidApplicationNameException;
import software.amazon.awssdk.services.codedeploy.model.InvalidComputePlatformException;
import software.amazon.awssdk.services.codedeploy.model.UpdateApplicationRequest;

/// Owns the applications: names under which revisions and deployment groups are kept.
final class Applications {
    private static final int MOST = 1000;

    private final Store store;
    private final Time time;
    private final Tags tags;
    private final Table<ApplicationInfo> applications;

    Applications(Store store, Time time, Tags tags) {
        this.store = store;
        this.time = time;
        this.tags = tags;
        this.applications = store.table("codedeploy.applications", ApplicationInfo.class);
    }

    ApplicationInfo create(CreateApplicationRequest request) {
        checkName(request.applicationName());
        if (request.computePlatform() == ComputePlatform.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidComputePlatformException.builder()
                    .message("The compute platform is not valid: " + request.computePlatformAsString())
                    .build();
        }
        Tags.check(request.tags());
        ApplicationInfo application = ApplicationInfo.builder()
                .applicationId(Ids.uuid())
                .applicationName(request.applicationName())
                .createTime(time.now())
                .linkedToGitHub(false)
                .computePlatform(request.computePlatform() == null ? ComputePlatform.SERVER : request.computePlatform())
                .build();
        store.transact(() -> {
            checkIsFree(application.applicationName());
            if (applications.list(Names.under()).size() >= MOST) {
                throw ApplicationLimitExceededException.builder().message("The limit of " + MOST + " applications is reached.").build();
            }
            applications.put(Names.key(application.applicationName()), application);
            tags.add(Names.applicationArn(application.applicationName()), request.tags());
        });
        return application;
    }

    ApplicationInfo get(@Nullable String name) {
        if (Names.isMissing(name)) {
            throw ApplicationNameRequiredException.builder().message("Application name is required").build();
        }
        return find(name).orElseThrow(() -> ApplicationDoesNotExistException.builder().message("No application found for name: " + name).build());
    }

    Optional<ApplicationInfo> find(String name) {
        return applications.find(Names.key(name));
    }

    List<ApplicationInfo> list() {
        return applications.list(Names.under());
    }

    List<ApplicationInfo> batch(BatchGetApplicationsRequest request) {
        Listed.checkBatch(request.applicationNames());
        return request.applicationNames().stream().map(this::get).toList();
    }

    /// Groups and revisions hang on the application's id, so they follow by themselves.
    void rename(UpdateApplicationRequest request) {
        store.transact(() -> {
            ApplicationInfo application = get(request.applicationName());
            String newName = request.newApplicationName();
            if (Names.isMissing(newName) || newName.equals(application.applicationName())) {
                return;
            }
            checkName(newName);
            checkIsFree(newName);
            applications.delete(Names.key(application.applicationName()));
            applications.put(Names.key(newName), application.toBuilder().applicationName(newName).build());
            tags.move(Names.applicationArn(application.applicationName()), Names.applicationArn(newName));
        });
    }

    /// Deleting an unknown application succeeds, as on AWS.
    void delete(String name) {
        applications.delete(Names.key(name));
        tags.forget(Names.applicationArn(name));
    }

    private void checkIsFree(String name) {
        if (find(name).isPresent()) {
            throw ApplicationAlreadyExistsException.builder().message("An application with the name " + name + " already exists").build();
        }
    }

    private static void checkName(@Nullable String name) {
        if (Names.isMissing(name)) {
            throw ApplicationNameRequiredException.builder().message("Application name is required").build();
        }
        if (!Names.isValid(name)) {
            throw InvalidApplicationNameException.builder().message("The application name was specified in an invalid format: " + name).build();
        }
    }
}
