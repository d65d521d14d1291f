package dev.viridian.services.codedeploy;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.services.codedeploy.deployment.Deployment;
import dev.viridian.services.codedeploy.deployment.Deployments;
import dev.viridian.services.codedeploy.deployment.Listing;
import dev.viridian.services.codedeploy.deployment.Phase;
import dev.viridian.services.codedeploy.deployment.Targets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.ApplicationInfo;
import software.amazon.awssdk.services.codedeploy.model.ApplicationNameRequiredException;
import software.amazon.awssdk.services.codedeploy.model.BatchGetDeploymentTargetsRequest;
import software.amazon.awssdk.services.codedeploy.model.BatchGetDeploymentsRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupNameRequiredException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentIdRequiredException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentNotStartedException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTarget;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTargetDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTargetIdRequiredException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentTargetListSizeExceededException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentIdException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentStatusException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentTargetIdException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTargetFilterNameException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.codedeploy.model.ListDeploymentTargetsRequest;
import software.amazon.awssdk.services.codedeploy.model.ListDeploymentsRequest;
import software.amazon.awssdk.services.codedeploy.model.TargetFilterName;
import software.amazon.awssdk.services.codedeploy.model.TimeRange;

/// What can be asked about deployments and their targets.
final class DeploymentQueries {

    private final Applications applications;
    private final DeploymentGroups groups;
    private final Deployments deployments;
    private final Targets targets;

    DeploymentQueries(Applications applications, DeploymentGroups groups, Deployments deployments, Targets targets) {
        this.applications = applications;
        this.groups = groups;
        this.deployments = deployments;
        this.targets = targets;
    }

    static Deployment find(Deployments deployments, @Nullable String id) {
        if (Names.isMissing(id)) {
            throw DeploymentIdRequiredException.builder().message("At least one deployment ID must be specified.").build();
        }
        if (!id.matches("d-[0-9A-Z]{9}")) {
            throw InvalidDeploymentIdException.builder().message("Specified DeploymentId is not in the valid format: " + id).build();
        }
        return deployments.byId(id)
                .orElseThrow(() -> DeploymentDoesNotExistException.builder().message("The deployment " + id + " could not be found").build());
    }

    Deployment get(String id) {
        return find(deployments, id);
    }

    /// Those of the ids that exist.
    List<Deployment> batch(BatchGetDeploymentsRequest request) {
        Listed.checkBatch(request.deploymentIds());
        return request.deploymentIds().stream().flatMap(id -> deployments.byId(id).stream()).toList();
    }

    Pages.Page<Listing> list(ListDeploymentsRequest request) {
        checkFilters(request);
        List<Listing> matching = deployments.list().stream()
                .filter(listing -> !request.hasIncludeOnlyStatuses() || request.includeOnlyStatuses().contains(listing.status()))
                .filter(listing -> isWithin(request.createTimeRange(), listing.created()))
                // an external id is given only to deployments that CloudFormation makes, and none of ours are
                .filter(_ -> Names.isMissing(request.externalId()))
                .toList();
        if (!Names.isMissing(request.applicationName())) {
            ApplicationInfo application = applications.get(request.applicationName());
            String groupId = groups.get(application, request.deploymentGroupName()).deploymentGroupId();
            matching = matching.stream().filter(listing -> listing.groupId().equals(groupId)).toList();
        }
        return Listed.page(matching, Listing::position, request.nextToken());
    }

    private static void checkFilters(ListDeploymentsRequest request) {
        if (Names.isMissing(request.applicationName()) && !Names.isMissing(request.deploymentGroupName())) {
            throw ApplicationNameRequiredException.builder().message("Application name is required").build();
        }
        if (!Names.isMissing(request.applicationName()) && Names.isMissing(request.deploymentGroupName())) {
            throw DeploymentGroupNameRequiredException.builder().message("Deployment group name is required").build();
        }
        if (request.includeOnlyStatuses().contains(DeploymentStatus.UNKNOWN_TO_SDK_VERSION)) {
            throw InvalidDeploymentStatusException.builder()
                    .message("The deployment status is not known: " + request.includeOnlyStatusesAsStrings())
                    .build();
        }
        TimeRange range = request.createTimeRange();
        if (range != null && range.start() != null && range.end() != null && range.start().isAfter(range.end())) {
            throw InvalidTimeRangeException.builder().message("The start of the time range lies after its end.").build();
        }
    }

    private static boolean isWithin(@Nullable TimeRange range, Instant created) {
        return range == null
                || (range.start() == null || !created.isBefore(range.start())) && (range.end() == null || !created.isAfter(range.end()));
    }

    List<String> targetIds(ListDeploymentTargetsRequest request) {
        Deployment deployment = started(request.deploymentId());
        boolean unknown = request.targetFiltersAsStrings().keySet().stream()
                .anyMatch(name -> TargetFilterName.fromValue(name) == TargetFilterName.UNKNOWN_TO_SDK_VERSION);
        if (unknown) {
            throw InvalidTargetFilterNameException.builder()
                    .message("The target filter name is invalid: " + request.targetFiltersAsStrings().keySet())
                    .build();
        }
        List<String> statuses = request.targetFiltersAsStrings().get(TargetFilterName.TARGET_STATUS.toString());
        boolean wanted = statuses == null || statuses.contains(Targets.status(deployment.phase()).toString());
        return wanted ? List.of(Targets.id(deployment)) : List.of();
    }

    DeploymentTarget target(String deploymentId, @Nullable String targetId) {
        Deployment deployment = started(deploymentId);
        if (Names.isMissing(targetId)) {
            throw DeploymentTargetIdRequiredException.builder().message("A deployment target ID was not provided.").build();
        }
        if (!targetId.matches("[^:\\s]+:[^:\\s]+")) {
            throw InvalidDeploymentTargetIdException.builder().message("The target ID provided was not valid: " + targetId).build();
        }
        if (!targetId.equals(Targets.id(deployment))) {
            throw DeploymentTargetDoesNotExistException.builder()
                    .message("The provided target ID does not belong to the attempted deployment: " + targetId)
                    .build();
        }
        return targets.target(deployment);
    }

    List<DeploymentTarget> targets(BatchGetDeploymentTargetsRequest request) {
        if (request.targetIds().isEmpty()) {
            throw DeploymentTargetIdRequiredException.builder().message("A deployment target ID was not provided.").build();
        }
        if (request.targetIds().size() > 1) {
            throw DeploymentTargetListSizeExceededException.builder()
                    .message("The maximum number of targets that can be associated with an Amazon ECS deployment (1) was exceeded")
                    .build();
        }
        return request.targetIds().stream().map(id -> target(request.deploymentId(), id)).toList();
    }

    private Deployment started(String id) {
        Deployment deployment = get(id);
        if (deployment.phase() == Phase.CREATED) {
            throw DeploymentNotStartedException.builder().message("The specified deployment has not started: " + id).build();
        }
        return deployment;
    }
}
