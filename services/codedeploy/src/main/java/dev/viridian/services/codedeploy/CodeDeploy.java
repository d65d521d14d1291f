package dev.viridian.services.codedeploy;

import dev.viridian.aws.Arn;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import dev.viridian.services.codedeploy.deployment.Deployments;
import dev.viridian.services.codedeploy.deployment.HookInvoker;
import dev.viridian.services.codedeploy.deployment.Listing;
import dev.viridian.services.codedeploy.deployment.Reconciler;
import dev.viridian.services.codedeploy.deployment.Targets;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.*;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.s3.S3Client;

/// AWS CodeDeploy. Every operation is one line here and a method of whoever owns the matter.
public final class CodeDeploy implements CodeDeployClient {
    private final Store store;
    private final Tags tags;
    private final Applications applications;
    private final DeploymentConfigs configs;
    private final DeploymentGroups groups;
    private final ApplicationRevisions revisions;
    private final DeploymentRequests requests;
    private final DeploymentQueries queries;
    private final HookReports hookReports;

    /// Declares its kind of work; the assembly starts `work` when every service has.
    ///
    /// @param hooks how validation functions are called; [HookInvoker#none] where there is no Lambda
    public CodeDeploy(
            Store store,
            Work work,
            Time time,
            EcsClient ecs,
            ElasticLoadBalancingV2Client elb,
            CloudWatchClient cloudWatch,
            S3Client s3,
            HookInvoker hooks) {
        Deployments deployments = new Deployments(store, work, time);
        this.store = store;
        this.tags = new Tags(store);
        this.applications = new Applications(store, time, tags);
        this.configs = new DeploymentConfigs(store, time);
        this.groups = new DeploymentGroups(store, applications, configs, deployments, new GroupWorld(ecs, elb), tags);
        this.revisions = new ApplicationRevisions(store, time);
        this.requests = new DeploymentRequests(store, time, applications, groups, configs, revisions, deployments, s3);
        this.queries = new DeploymentQueries(applications, groups, deployments, new Targets(ecs));
        this.hookReports = new HookReports(deployments);
        work.handle(Deployments.WORK, Reconciler.over(deployments, time, ecs, elb, cloudWatch, s3, hooks));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // owns nothing that needs closing: store, work and clients belong to the assembly
    }

    // Applications

    @Override
    public CreateApplicationResponse createApplication(CreateApplicationRequest request) {
        return CreateApplicationResponse.builder().applicationId(applications.create(request).applicationId()).build();
    }

    @Override
    public GetApplicationResponse getApplication(GetApplicationRequest request) {
        return GetApplicationResponse.builder().application(applications.get(request.applicationName())).build();
    }

    @Override
    public BatchGetApplicationsResponse batchGetApplications(BatchGetApplicationsRequest request) {
        return BatchGetApplicationsResponse.builder().applicationsInfo(applications.batch(request)).build();
    }

    @Override
    public ListApplicationsResponse listApplications(ListApplicationsRequest request) {
        Pages.Page<String> page =
                Listed.page(applications.list().stream().map(ApplicationInfo::applicationName).toList(), name -> name, request.nextToken());
        return ListApplicationsResponse.builder().applications(page.items()).nextToken(page.nextToken()).build();
    }

    @Override
    public UpdateApplicationResponse updateApplication(UpdateApplicationRequest request) {
        store.transact(() -> {
            ApplicationInfo application = applications.get(request.applicationName());
            applications.rename(request);
            if (!Names.isMissing(request.newApplicationName())) {
                groups.moveTags(application, request.newApplicationName());
            }
        });
        return UpdateApplicationResponse.builder().build();
    }

    @Override
    public DeleteApplicationResponse deleteApplication(DeleteApplicationRequest request) {
        store.transact(() -> {
            applications.find(request.applicationName()).ifPresent(application -> {
                groups.deleteAllOf(application);
                revisions.deleteAllOf(application);
            });
            applications.delete(request.applicationName());
        });
        return DeleteApplicationResponse.builder().build();
    }

    // Deployment configurations

    @Override
    public CreateDeploymentConfigResponse createDeploymentConfig(CreateDeploymentConfigRequest request) {
        return CreateDeploymentConfigResponse.builder().deploymentConfigId(configs.create(request).deploymentConfigId()).build();
    }

    @Override
    public GetDeploymentConfigResponse getDeploymentConfig(GetDeploymentConfigRequest request) {
        return GetDeploymentConfigResponse.builder().deploymentConfigInfo(configs.get(request.deploymentConfigName())).build();
    }

    @Override
    public ListDeploymentConfigsResponse listDeploymentConfigs(ListDeploymentConfigsRequest request) {
        List<String> names = configs.list().stream().map(DeploymentConfigInfo::deploymentConfigName).toList();
        Pages.Page<String> page = Listed.page(names, name -> name, request.nextToken());
        return ListDeploymentConfigsResponse.builder().deploymentConfigsList(page.items()).nextToken(page.nextToken()).build();
    }

    @Override
    public DeleteDeploymentConfigResponse deleteDeploymentConfig(DeleteDeploymentConfigRequest request) {
        store.transact(() -> {
            groups.checkNotInUse(request.deploymentConfigName());
            configs.delete(request.deploymentConfigName());
        });
        return DeleteDeploymentConfigResponse.builder().build();
    }

    // Deployment groups

    @Override
    public CreateDeploymentGroupResponse createDeploymentGroup(CreateDeploymentGroupRequest request) {
        return CreateDeploymentGroupResponse.builder().deploymentGroupId(groups.create(request).deploymentGroupId()).build();
    }

    @Override
    public UpdateDeploymentGroupResponse updateDeploymentGroup(UpdateDeploymentGroupRequest request) {
        groups.update(request);
        return UpdateDeploymentGroupResponse.builder().hooksNotCleanedUp(List.of()).build();
    }

    @Override
    public GetDeploymentGroupResponse getDeploymentGroup(GetDeploymentGroupRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        return GetDeploymentGroupResponse.builder().deploymentGroupInfo(groups.get(application, request.deploymentGroupName())).build();
    }

    @Override
    public BatchGetDeploymentGroupsResponse batchGetDeploymentGroups(BatchGetDeploymentGroupsRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        Listed.checkBatch(request.deploymentGroupNames());
        List<DeploymentGroupInfo> found =
                request.deploymentGroupNames().stream().map(name -> groups.find(application, name).orElse(null)).filter(Objects::nonNull).toList();
        return BatchGetDeploymentGroupsResponse.builder().deploymentGroupsInfo(found).build();
    }

    @Override
    public ListDeploymentGroupsResponse listDeploymentGroups(ListDeploymentGroupsRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        List<String> names = groups.list(application).stream().map(DeploymentGroupInfo::deploymentGroupName).toList();
        Pages.Page<String> page = Listed.page(names, name -> name, request.nextToken());
        return ListDeploymentGroupsResponse.builder()
                .applicationName(application.applicationName())
                .deploymentGroups(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    @Override
    public DeleteDeploymentGroupResponse deleteDeploymentGroup(DeleteDeploymentGroupRequest request) {
        groups.delete(request.applicationName(), request.deploymentGroupName());
        return DeleteDeploymentGroupResponse.builder().hooksNotCleanedUp(List.of()).build();
    }

    // Revisions

    @Override
    public RegisterApplicationRevisionResponse registerApplicationRevision(RegisterApplicationRevisionRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        revisions.register(application, RevisionRules.check(request.revision()), request.description());
        return RegisterApplicationRevisionResponse.builder().build();
    }

    @Override
    public GetApplicationRevisionResponse getApplicationRevision(GetApplicationRevisionRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        RevisionInfo found = revisions.get(application, RevisionRules.check(request.revision()));
        return GetApplicationRevisionResponse.builder()
                .applicationName(application.applicationName())
                .revision(found.revisionLocation())
                .revisionInfo(found.genericRevisionInfo())
                .build();
    }

    @Override
    public BatchGetApplicationRevisionsResponse batchGetApplicationRevisions(BatchGetApplicationRevisionsRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        Listed.checkBatch(request.revisions());
        List<RevisionInfo> found = request.revisions().stream()
                .map(RevisionRules::check)
                .flatMap(revision -> revisions.find(application, revision).stream())
                .toList();
        return BatchGetApplicationRevisionsResponse.builder().applicationName(application.applicationName()).revisions(found).build();
    }

    @Override
    public ListApplicationRevisionsResponse listApplicationRevisions(ListApplicationRevisionsRequest request) {
        ApplicationInfo application = applications.get(request.applicationName());
        List<RevisionLocation> targets = groups.list(application).stream().map(DeploymentGroupInfo::targetRevision).filter(Objects::nonNull).toList();
        List<RevisionLocation> found =
                revisions.list(application, request, targets::contains).stream().map(RevisionInfo::revisionLocation).toList();
        Pages.Page<RevisionLocation> page = Listed.page(found, request.nextToken());
        return ListApplicationRevisionsResponse.builder().revisions(page.items()).nextToken(page.nextToken()).build();
    }

    // Deployments

    @Override
    public CreateDeploymentResponse createDeployment(CreateDeploymentRequest request) {
        return CreateDeploymentResponse.builder().deploymentId(requests.create(request).id()).build();
    }

    @Override
    public GetDeploymentResponse getDeployment(GetDeploymentRequest request) {
        return GetDeploymentResponse.builder().deploymentInfo(DeploymentViews.info(queries.get(request.deploymentId()))).build();
    }

    @Override
    public BatchGetDeploymentsResponse batchGetDeployments(BatchGetDeploymentsRequest request) {
        return BatchGetDeploymentsResponse.builder().deploymentsInfo(queries.batch(request).stream().map(DeploymentViews::info).toList()).build();
    }

    @Override
    public ListDeploymentsResponse listDeployments(ListDeploymentsRequest request) {
        Pages.Page<Listing> page = queries.list(request);
        return ListDeploymentsResponse.builder().deployments(page.items().stream().map(Listing::id).toList()).nextToken(page.nextToken()).build();
    }

    @Override
    public ContinueDeploymentResponse continueDeployment(ContinueDeploymentRequest request) {
        requests.proceed(request);
        return ContinueDeploymentResponse.builder().build();
    }

    @Override
    public StopDeploymentResponse stopDeployment(StopDeploymentRequest request) {
        return requests.stop(request);
    }

    @Override
    public PutLifecycleEventHookExecutionStatusResponse putLifecycleEventHookExecutionStatus(PutLifecycleEventHookExecutionStatusRequest request) {
        return PutLifecycleEventHookExecutionStatusResponse.builder().lifecycleEventHookExecutionId(hookReports.report(request)).build();
    }

    // Targets

    @Override
    public ListDeploymentTargetsResponse listDeploymentTargets(ListDeploymentTargetsRequest request) {
        return ListDeploymentTargetsResponse.builder().targetIds(queries.targetIds(request)).build();
    }

    @Override
    public GetDeploymentTargetResponse getDeploymentTarget(GetDeploymentTargetRequest request) {
        return GetDeploymentTargetResponse.builder().deploymentTarget(queries.target(request.deploymentId(), request.targetId())).build();
    }

    @Override
    public BatchGetDeploymentTargetsResponse batchGetDeploymentTargets(BatchGetDeploymentTargetsRequest request) {
        return BatchGetDeploymentTargetsResponse.builder().deploymentTargets(queries.targets(request)).build();
    }

    // Tags

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(existing(request.resourceArn()), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(existing(request.resourceArn()), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder().tags(tags.list(existing(request.resourceArn()))).build();
    }

    /// The ARN again, when its application or group exists.
    private String existing(String arn) {
        String resource = Tags.resource(arn);
        String[] names = resource.substring(resource.indexOf(':') + 1).split("/");
        ApplicationInfo application = applications.get(names[0]);
        if (names.length > 1) {
            groups.get(application, names[1]);
        }
        return Arn.here("codedeploy", resource);
    }
}
