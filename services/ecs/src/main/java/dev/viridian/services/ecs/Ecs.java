package dev.viridian.services.ecs;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import java.util.List;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.s3.S3Client;

/// Amazon ECS on this machine. Once its [Work] is being done it takes up the tasks an earlier process left.
///
/// Every operation answers from the tables and changes nothing by being read. Threads: any.
public final class Ecs implements EcsClient {
    private final Work work;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Services services;
    private final ServiceUpdates updates;
    private final TaskSets taskSets;
    private final Tasks tasks;
    private final TaskTable taskTable;
    private final ContainerInstances instances = new ContainerInstances();
    private final Placement placement;
    private final Tagging tagging;
    private final ContainerLogs logs;
    private final Sweep sweep;

    /// @param s3 where `environmentFiles` lie
    /// @param images how a task's image gets into the engine
    public Ecs(Store store, Work work, Time time, ContainerRuntime runtime, ElasticLoadBalancingV2Client elb, CloudWatchLogsClient cloudWatchLogs,
            Ec2Client ec2,
               S3Client s3, TaskImages images, EcsOptions options) {
        this.work = work;
        this.taskTable = new TaskTable(store, work, time);
        ServiceTable serviceTable = new ServiceTable(store, work);
        this.clusters = new Clusters(store, cluster -> census(cluster, serviceTable));
        this.definitions = new TaskDefinitions(store, time);
        ServiceEvents events = new ServiceEvents(store, serviceTable, time);
        ServiceShapes shapes = new ServiceShapes(serviceTable, taskTable, events);
        Workloads workloads = new Workloads(serviceTable, time);
        NetworkRules networks = new NetworkRules(ec2, elb);
        this.placement = new Placement(taskTable, definitions, runtime);
        this.services = new Services(store, time, clusters, definitions, serviceTable, workloads, taskTable, networks, shapes);
        this.updates = new ServiceUpdates(store, time, clusters, services, serviceTable, definitions, workloads, networks, shapes);
        this.taskSets = new TaskSets(store, clusters, definitions, services, serviceTable, workloads, networks, shapes);
        this.tasks = new Tasks(store, clusters, definitions, taskTable, instances, placement, networks);
        this.tagging = new Tagging(store, clusters, definitions, serviceTable, services, taskTable);

        ContainerWishes wishes = new ContainerWishes(time, options);
        this.logs = new ContainerLogs(runtime, cloudWatchLogs, store, time);
        TargetGroups groups = new TargetGroups(elb);
        TaskNetworks taskNetworks = new TaskNetworks(store, runtime, options);
        TaskStart start = new TaskStart(taskTable, runtime, wishes, taskNetworks, images, new EnvironmentFiles(s3), logs, ec2, time);
        TaskLoop taskLoop = new TaskLoop(taskTable, definitions, runtime, wishes, start, new TaskLogs(logs, work), groups,
                new TaskTargets(instances), events, time);
        ServiceLoop serviceLoop = new ServiceLoop(store, serviceTable, taskTable, new Members(groups, definitions, time),
                new TaskStarts(taskTable, definitions, instances, placement, events), new Rollouts(serviceTable, events, time), events, time);
        this.sweep = new Sweep(runtime, wishes, taskNetworks, taskTable, work, time);
        work.handle(TaskTable.TASK_WORK, taskLoop::step);
        work.handle(TaskTable.SERVICE_WORK, serviceLoop::step);
        work.handle(Sweep.WORK, sweep::step);
        sweep.keepUp();
    }

    /// Removes at once what nobody knows any more; happens every half minute anyway. For whoever has just cleared the store.
    public void sweep() {
        work.wake(Sweep.WORK, "");
    }

    /// This machine, once for each cluster of the current caller, as EC2 shows the instances behind container instances.
    public List<Instance> hostInstances() {
        return clusters.here().stream().map(instances::asEc2Instance).toList();
    }

    /// The network interfaces of tasks in the current caller's account and region, for whoever shows them to users of EC2.
    public List<software.amazon.awssdk.services.ec2.model.NetworkInterface> networkInterfaces() {
        return TaskInterfaces.of(taskTable.in(dev.viridian.aws.Caller.current()));
    }

    /// Removes every container and network of ours from the engine: for a server that keeps nothing, after its work has been closed.
    ///
    /// @throws dev.viridian.container.ContainerException when the engine cannot be reached
    public void removeEverything() {
        sweep.removeAll();
    }

    private Clusters.Census census(ClusterId cluster, ServiceTable serviceTable) {
        List<TaskRow> all = taskTable.in(cluster);
        int active = (int) serviceTable.in(cluster).stream().filter(row -> !row.isInactive()).count();
        return new Clusters.Census(ServiceShapes.running(all), ServiceShapes.pending(all), active);
    }

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        return clusters.create(request);
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return clusters.describe(request);
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return clusters.list(request);
    }

    @Override
    public DeleteClusterResponse deleteCluster(DeleteClusterRequest request) {
        return clusters.delete(request);
    }

    @Override
    public UpdateClusterSettingsResponse updateClusterSettings(UpdateClusterSettingsRequest request) {
        return clusters.updateSettings(request);
    }

    @Override
    public PutClusterCapacityProvidersResponse putClusterCapacityProviders(PutClusterCapacityProvidersRequest request) {
        return clusters.putCapacityProviders(request);
    }

    @Override
    public UpdateClusterResponse updateCluster(UpdateClusterRequest request) {
        return clusters.update(request);
    }

    @Override
    public DescribeCapacityProvidersResponse describeCapacityProviders(DescribeCapacityProvidersRequest request) {
        return clusters.describeCapacityProviders(request);
    }

    @Override
    public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest request) {
        return definitions.register(request);
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return definitions.describe(request);
    }

    @Override
    public DeregisterTaskDefinitionResponse deregisterTaskDefinition(DeregisterTaskDefinitionRequest request) {
        return definitions.deregister(request);
    }

    @Override
    public DeleteTaskDefinitionsResponse deleteTaskDefinitions(DeleteTaskDefinitionsRequest request) {
        return definitions.delete(request);
    }

    @Override
    public ListTaskDefinitionsResponse listTaskDefinitions(ListTaskDefinitionsRequest request) {
        return definitions.list(request);
    }

    @Override
    public ListTaskDefinitionFamiliesResponse listTaskDefinitionFamilies(ListTaskDefinitionFamiliesRequest request) {
        return definitions.families(request);
    }

    @Override
    public CreateServiceResponse createService(CreateServiceRequest request) {
        return services.create(request);
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        return updates.update(request);
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return services.describe(request);
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest request) {
        return services.list(request);
    }

    @Override
    public DeleteServiceResponse deleteService(DeleteServiceRequest request) {
        return services.delete(request);
    }

    @Override
    public CreateTaskSetResponse createTaskSet(CreateTaskSetRequest request) {
        return taskSets.create(request);
    }

    @Override
    public UpdateTaskSetResponse updateTaskSet(UpdateTaskSetRequest request) {
        return taskSets.update(request);
    }

    @Override
    public UpdateServicePrimaryTaskSetResponse updateServicePrimaryTaskSet(UpdateServicePrimaryTaskSetRequest request) {
        return taskSets.promote(request);
    }

    @Override
    public DeleteTaskSetResponse deleteTaskSet(DeleteTaskSetRequest request) {
        return taskSets.delete(request);
    }

    @Override
    public DescribeTaskSetsResponse describeTaskSets(DescribeTaskSetsRequest request) {
        return taskSets.describe(request);
    }

    @Override
    public RunTaskResponse runTask(RunTaskRequest request) {
        return tasks.run(request);
    }

    @Override
    public StartTaskResponse startTask(StartTaskRequest request) {
        return tasks.start(request);
    }

    @Override
    public StopTaskResponse stopTask(StopTaskRequest request) {
        return tasks.stop(request);
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        return tasks.describe(request);
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return tasks.list(request);
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        boolean wanted = request.status() == null || request.status() == ContainerInstanceStatus.ACTIVE;
        return ListContainerInstancesResponse.builder().containerInstanceArns(wanted ? List.of(instances.arn(cluster)) : List.of()).build();
    }

    @Override
    public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
        ClusterId cluster = ClusterId.of(request.cluster());
        clusters.active(cluster);
        ContainerInstances.Found found = instances.describe(cluster, request.containerInstances(), placement, taskTable.in(cluster));
        return DescribeContainerInstancesResponse.builder().containerInstances(found.instances()).failures(found.failures()).build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return tagging.tag(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return tagging.untag(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tagging.list(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /// Stops listening. Tasks run on; the next process finds them.
    @Override
    public void close() {
        sweep.close();
        logs.close();
    }
}
