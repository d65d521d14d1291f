package dev.viridian.services.ecs;

import static dev.viridian.services.ecs.Refusals.invalid;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.ClusterSettingName;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterResponse;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsResponse;

/// Owner of the clusters. A cluster carries the one machine we run on as its only container instance, so it needs no capacity of its own.
final class Clusters {
    private static final int PAGE = 100;
    private static final String ACTIVE = "ACTIVE";
    private static final List<String> PROVIDERS = List.of("FARGATE", "FARGATE_SPOT");

    /// How many of what a cluster holds right now.
    record Census(int runningTasks, int pendingTasks, int activeServices) {}

    /// Counts; given by whoever owns tasks and services.
    interface Counting {
        Census census(ClusterId cluster);
    }

    private final Store store;
    private final Table<Cluster> clusters;
    private final Counting counting;

    Clusters(Store store, Counting counting) {
        this.store = store;
        this.clusters = store.table("ecs.clusters", Cluster.class);
        this.counting = counting;
    }

    /// The same name again gives what is there.
    CreateClusterResponse create(CreateClusterRequest request) {
        String name = request.clusterName() == null ? "default" : request.clusterName();
        checkName(name);
        Tags.check(request.tags());
        checkProviders(request.capacityProviders(), request.defaultCapacityProviderStrategy());
        ClusterId id = ClusterId.of(name);
        Cluster cluster = store.transact(() -> clusters.find(id.key()).filter(Clusters::isActive).orElseGet(() -> {
            Cluster created = Cluster.builder()
                    .clusterArn(id.arn())
                    .clusterName(name)
                    .status(ACTIVE)
                    .configuration(request.configuration())
                    .settings(request.hasSettings() ? request.settings() : List.of(insights("disabled")))
                    .capacityProviders(request.capacityProviders())
                    .defaultCapacityProviderStrategy(request.defaultCapacityProviderStrategy())
                    .tags(request.tags())
                    .build();
            clusters.put(id.key(), created);
            return created;
        }));
        return CreateClusterResponse.builder().cluster(counted(id, cluster)).build();
    }

    /// An unknown cluster is an entry among the failures, not an error. A deleted one can still be described.
    DescribeClustersResponse describe(DescribeClustersRequest request) {
        List<Cluster> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String text : request.clusters().isEmpty() ? List.of("default") : request.clusters()) {
            ClusterId id = ClusterId.of(text);
            clusters.find(id.key()).ifPresentOrElse(
                    cluster -> found.add(included(counted(id, cluster), request.include())),
                    () -> failures.add(Failure.builder().arn(id.arn()).reason("MISSING").build()));
        }
        return DescribeClustersResponse.builder().clusters(found).failures(failures).build();
    }

    ListClustersResponse list(ListClustersRequest request) {
        Caller caller = Caller.current();
        List<String> arns = clusters.list(Key.under(caller.account(), caller.region())).stream()
                .filter(Clusters::isActive).map(Cluster::clusterArn).toList();
        Page page = Page.of(arns, request.nextToken(), request.maxResults(), PAGE);
        return ListClustersResponse.builder().clusterArns(page.entries()).nextToken(page.nextToken()).build();
    }

    DeleteClusterResponse delete(DeleteClusterRequest request) {
        ClusterId id = ClusterId.of(request.cluster());
        Cluster gone = store.transact(() -> {
            active(id);
            Census census = counting.census(id);
            if (census.activeServices() > 0) {
                throw ClusterContainsServicesException.builder().message("The Cluster cannot be deleted while Services are active.").build();
            }
            if (census.runningTasks() + census.pendingTasks() > 0) {
                throw ClusterContainsTasksException.builder().message("The Cluster cannot be deleted while Tasks are active.").build();
            }
            return clusters.update(id.key(), cluster -> cluster.toBuilder().status("INACTIVE").build());
        });
        return DeleteClusterResponse.builder().cluster(counted(id, gone)).build();
    }

    UpdateClusterSettingsResponse updateSettings(UpdateClusterSettingsRequest request) {
        ClusterId id = ClusterId.of(request.cluster());
        Cluster changed = change(id, cluster -> cluster.settings(request.settings()));
        return UpdateClusterSettingsResponse.builder().cluster(counted(id, changed)).build();
    }

    UpdateClusterResponse update(UpdateClusterRequest request) {
        ClusterId id = ClusterId.of(request.cluster());
        Cluster changed = change(id, cluster -> {
            if (request.hasSettings()) {
                cluster.settings(request.settings());
            }
            if (request.configuration() != null) {
                cluster.configuration(request.configuration());
            }
        });
        return UpdateClusterResponse.builder().cluster(counted(id, changed)).build();
    }

    /// The two that AWS provides; there are no others here.
    DescribeCapacityProvidersResponse describeCapacityProviders(DescribeCapacityProvidersRequest request) {
        List<String> asked = request.capacityProviders().isEmpty() ? PROVIDERS : request.capacityProviders();
        List<CapacityProvider> found = asked.stream().map(Clusters::providerName).filter(PROVIDERS::contains)
                .map(name -> CapacityProvider.builder().name(name).status(CapacityProviderStatus.ACTIVE).capacityProviderArn(providerArn(name))
                        .tags(List.of()).build())
                .toList();
        List<Failure> failures = asked.stream().map(Clusters::providerName).filter(name -> !PROVIDERS.contains(name))
                .map(name -> Failure.builder().arn(providerArn(name)).reason("MISSING").build()).toList();
        return DescribeCapacityProvidersResponse.builder().capacityProviders(found).failures(failures).build();
    }

    private static String providerName(String text) {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private static String providerArn(String name) {
        return dev.viridian.aws.Arn.here("ecs", "capacity-provider/" + name);
    }

    PutClusterCapacityProvidersResponse putCapacityProviders(PutClusterCapacityProvidersRequest request) {
        checkProviders(request.capacityProviders(), request.defaultCapacityProviderStrategy());
        ClusterId id = ClusterId.of(request.cluster());
        Cluster changed = change(id, cluster -> cluster.capacityProviders(request.capacityProviders())
                .defaultCapacityProviderStrategy(request.defaultCapacityProviderStrategy()));
        return PutClusterCapacityProvidersResponse.builder().cluster(counted(id, changed)).build();
    }

    /// @throws software.amazon.awssdk.services.ecs.model.ClusterNotFoundException when it is not there or deleted
    /// The active clusters of the current caller's account and region.
    List<ClusterId> here() {
        Caller caller = Caller.current();
        return clusters.list(Key.under(caller.account(), caller.region())).stream().filter(c -> "ACTIVE".equals(c.status())).map(c -> ClusterId.of(c.clusterArn())).toList();
    }

    Cluster active(ClusterId id) {
        return clusters.find(id.key()).filter(Clusters::isActive).orElseThrow(Refusals::clusterNotFound);
    }

    Optional<Cluster> find(ClusterId id) {
        return clusters.find(id.key());
    }

    void retag(ClusterId id, List<Tag> tags) {
        change(id, cluster -> cluster.tags(tags));
    }

    private Cluster change(ClusterId id, java.util.function.Consumer<Cluster.Builder> change) {
        return store.transact(() -> {
            Cluster.Builder next = active(id).toBuilder();
            change.accept(next);
            clusters.put(id.key(), next.build());
            return next.build();
        });
    }

    private Cluster counted(ClusterId id, Cluster cluster) {
        Census census = counting.census(id);
        return cluster.toBuilder()
                .registeredContainerInstancesCount(isActive(cluster) ? 1 : 0)
                .runningTasksCount(census.runningTasks())
                .pendingTasksCount(census.pendingTasks())
                .activeServicesCount(census.activeServices())
                .statistics(List.of())
                .build();
    }

    private static Cluster included(Cluster cluster, List<ClusterField> include) {
        Cluster.Builder shown = cluster.toBuilder();
        if (!include.contains(ClusterField.TAGS)) {
            shown.tags(List.of());
        }
        if (!include.contains(ClusterField.SETTINGS)) {
            shown.settings(List.of());
        }
        if (!include.contains(ClusterField.CONFIGURATIONS)) {
            shown.configuration((software.amazon.awssdk.services.ecs.model.ClusterConfiguration) null);
        }
        return shown.build();
    }

    private static boolean isActive(Cluster cluster) {
        return ACTIVE.equals(cluster.status());
    }

    private static ClusterSetting insights(String value) {
        return ClusterSetting.builder().name(ClusterSettingName.CONTAINER_INSIGHTS).value(value).build();
    }

    private static void checkName(String name) {
        if (name.length() > 255) {
            throw invalid("Identifiers must be 255 characters or less.");
        }
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw invalid("Identifiers may only contain letters, numbers, hyphens and underscores.");
        }
    }

    private static void checkProviders(List<String> providers, List<CapacityProviderStrategyItem> strategy) {
        for (String provider : providers) {
            if (!PROVIDERS.contains(provider)) {
                throw invalid("The specified capacity provider '" + provider + "' was not found.");
            }
        }
        for (CapacityProviderStrategyItem item : strategy) {
            if (!providers.contains(item.capacityProvider())) {
                throw invalid("The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. "
                        + "Associate the capacity provider with the cluster and try again.");
            }
        }
    }
}
