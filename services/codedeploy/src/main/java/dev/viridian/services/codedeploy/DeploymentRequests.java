package dev.viridian.services.codedeploy;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.services.codedeploy.deployment.AwsFailure;
import dev.viridian.services.codedeploy.deployment.Deployment;
import dev.viridian.services.codedeploy.deployment.Deployments;
import dev.viridian.services.codedeploy.deployment.Order;
import dev.viridian.services.codedeploy.deployment.Phase;
import dev.viridian.services.codedeploy.deployment.Signals;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.ApplicationInfo;
import software.amazon.awssdk.services.codedeploy.model.ComputePlatform;
import software.amazon.awssdk.services.codedeploy.model.ContinueDeploymentRequest;
import software.amazon.awssdk.services.codedeploy.model.CreateDeploymentRequest;
import software.amazon.awssdk.services.codedeploy.model.DeploymentAlreadyCompletedException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentConfigInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentIsNotInReadyStateException;
import software.amazon.awssdk.services.codedeploy.model.DeploymentWaitType;
import software.amazon.awssdk.services.codedeploy.model.DescriptionTooLongException;
import software.amazon.awssdk.services.codedeploy.model.FileExistsBehavior;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentStatusException;
import software.amazon.awssdk.services.codedeploy.model.InvalidDeploymentWaitTypeException;
import software.amazon.awssdk.services.codedeploy.model.InvalidFileExistsBehaviorException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTargetInstancesException;
import software.amazon.awssdk.services.codedeploy.model.InvalidUpdateOutdatedInstancesOnlyValueException;
import software.amazon.awssdk.services.codedeploy.model.RevisionDoesNotExistException;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocationType;
import software.amazon.awssdk.services.codedeploy.model.S3Location;
import software.amazon.awssdk.services.codedeploy.model.StopDeploymentRequest;
import software.amazon.awssdk.services.codedeploy.model.StopDeploymentResponse;
import software.amazon.awssdk.services.codedeploy.model.StopStatus;
import software.amazon.awssdk.services.codedeploy.model.UnsupportedActionForDeploymentTypeException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What users ask of deployments: to begin, to go on, to stop.
final class DeploymentRequests {
    private static final int LONGEST_DESCRIPTION = 256;

    private final Store store;
    private final Time time;
    private final Applications applications;
    private final DeploymentGroups groups;
    private final DeploymentConfigs configs;
    private final ApplicationRevisions revisions;
    private final Deployments deployments;
    private final S3Client s3;

    DeploymentRequests(
            Store store,
            Time time,
            Applications applications,
            DeploymentGroups groups,
            DeploymentConfigs configs,
            ApplicationRevisions revisions,
            Deployments deployments,
            S3Client s3) {
        this.store = store;
        this.time = time;
        this.applications = applications;
        this.groups = groups;
        this.configs = configs;
        this.revisions = revisions;
        this.deployments = deployments;
        this.s3 = s3;
    }

    Deployment create(CreateDeploymentRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        if (application.computePlatform() != ComputePlatform.ECS) {
            throw new UnsupportedOperationException(
                    "Deployments on the compute platform " + application.computePlatformAsString() + " are not implemented; on ECS they are.");
        }
        DeploymentGroupInfo group = groups.get(application, request.deploymentGroupName());
        checkOptions(request);
        RevisionLocation revision = RevisionRules.check(request.revision());
        DeploymentConfigInfo config =
                configs.forEcs(Names.isMissing(request.deploymentConfigName()) ? group.deploymentConfigName() : request.deploymentConfigName());
        GroupWorld.checkRouting(group.loadBalancerInfo().targetGroupPairInfoList().getFirst().prodTrafficRoute().listenerArns().getFirst(), config);
        checkExists(revision, group);
        Order order = new Order(
                group,
                config.deploymentConfigName(),
                config.trafficRoutingConfig(),
                Optional.of(revision),
                deployments.latest(group.deploymentGroupId()).serving(),
                Optional.ofNullable(request.description()),
                DeploymentCreator.USER,
                Optional.ofNullable(request.overrideAlarmConfiguration()),
                Optional.ofNullable(request.autoRollbackConfiguration()).or(() -> Optional.ofNullable(group.autoRollbackConfiguration())),
                Optional.empty(),
                time.now());
        return store.transact(() -> {
            revisions.use(application, revision, group.deploymentGroupName());
            return deployments.create(order);
        });
    }

    private static void checkOptions(CreateDeploymentRequest request) {
        if (request.description() != null && request.description().length() > LONGEST_DESCRIPTION) {
            throw DescriptionTooLongException.builder().message("The description is too long. The maximum length is 256 characters.").build();
        }
        if (request.targetInstances() != null) {
            throw InvalidTargetInstancesException.builder().message("For ECS deployment, targetInstances can not be specified").build();
        }
        if (Boolean.TRUE.equals(request.updateOutdatedInstancesOnly())) {
            throw InvalidUpdateOutdatedInstancesOnlyValueException.builder()
                    .message("For ECS deployment, updateOutdatedInstancesOnly can not be specified")
                    .build();
        }
        if (request.fileExistsBehavior() != null && request.fileExistsBehavior() != FileExistsBehavior.DISALLOW) {
            throw InvalidFileExistsBehaviorException.builder().message("For ECS deployment, fileExistsBehavior can not be specified").build();
        }
        GuardRules.alarms(request.overrideAlarmConfiguration());
        GuardRules.rollback(request.autoRollbackConfiguration());
    }

    /// An object that is not there is refused at once; one that may not be read fails the deployment, as that is what its role is for.
    private void checkExists(RevisionLocation revision, DeploymentGroupInfo group) {
        if (revision.revisionType() != RevisionLocationType.S3) {
            return;
        }
        S3Location location = revision.s3Location();
        HeadObjectRequest request = HeadObjectRequest.builder().bucket(location.bucket()).key(location.key()).versionId(location.version()).build();
        Caller here = Caller.current();
        Caller role = Caller.service("codedeploy.amazonaws.com", here.account(), here.region()).as(group.serviceRoleArn(), "codedeploy");
        try {
            Caller.get(role, () -> s3.headObject(request));
        } catch (S3Exception e) {
            if (!new AwsFailure(e).isDenied()) {
                throw RevisionDoesNotExistException.builder()
                        .message("The revision s3://" + location.bucket() + "/" + location.key() + " does not exist")
                        .cause(e)
                        .build();
            }
        }
    }

    void proceed(ContinueDeploymentRequest request) {
        Deployment deployment = running(request.deploymentId());
        DeploymentWaitType wait = request.deploymentWaitTypeAsString() == null ? DeploymentWaitType.READY_WAIT : request.deploymentWaitType();
        switch (wait) {
            case READY_WAIT -> endReadyWait(deployment);
            case TERMINATION_WAIT -> endTerminationWait(deployment);
            case UNKNOWN_TO_SDK_VERSION -> throw InvalidDeploymentWaitTypeException.builder()
                    .message("The wait type is not valid: " + request.deploymentWaitTypeAsString())
                    .build();
        }
    }

    private void endReadyWait(Deployment deployment) {
        if (deployment.phase() != Phase.READY) {
            throw DeploymentIsNotInReadyStateException.builder().message("The deployment " + deployment.id() + " is not in the Ready state").build();
        }
        deployments.signal(deployment, Signals::withContinued);
    }

    private void endTerminationWait(Deployment deployment) {
        if (deployment.phase() != Phase.TERMINATION_WAIT) {
            throw InvalidDeploymentStatusException.builder()
                    .message("The deployment " + deployment.id() + " is not waiting for the termination of its original task set")
                    .build();
        }
        deployments.signal(deployment, Signals::withTerminateNow);
    }

    /// The answer does not wait: the deployment stops as soon as the step it is in is done.
    StopDeploymentResponse stop(StopDeploymentRequest request) {
        Deployment deployment = running(request.deploymentId());
        if (deployment.signals().stop().isPresent() || !deployment.phase().canBeInterrupted()) {
            return StopDeploymentResponse.builder().status(StopStatus.SUCCEEDED).build();
        }
        deployments.signal(deployment, signals -> signals.withStop(Optional.ofNullable(request.autoRollbackEnabled())));
        return StopDeploymentResponse.builder()
                .status(StopStatus.PENDING)
                .statusMessage("No more commands will be scheduled for execution in the deployment instances")
                .build();
    }

    /// A deployment that can still be told something. Nobody can hold up a rollback, nor one whose original task set is already being removed.
    private Deployment running(String id) {
        Deployment deployment = DeploymentQueries.find(deployments, id);
        if (deployment.phase().isFinal() || deployment.phase() == Phase.TERMINATING_BLUE) {
            throw DeploymentAlreadyCompletedException.builder().message("The deployment " + id + " is already complete").build();
        }
        if (deployment.rollsBackAnother()) {
            throw UnsupportedActionForDeploymentTypeException.builder()
                    .message("The deployment " + id + " is a rollback and cannot be influenced")
                    .build();
        }
        return deployment;
    }
}
