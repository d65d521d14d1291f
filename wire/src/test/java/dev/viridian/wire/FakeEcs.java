package dev.viridian.wire;

import dev.viridian.aws.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/// Echoes what it is given.
final class FakeEcs implements EcsClient {
    final AtomicReference<Caller> caller = new AtomicReference<>();

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        caller.set(Caller.current());
        return CreateClusterResponse.builder().cluster(Cluster.builder().clusterName(request.clusterName()).tags(request.tags())
                .clusterArn("arn:aws:ecs:" + Caller.current().region() + ":" + Caller.current().account() + ":cluster/" + request.clusterName())
                        .build()).build();
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return DescribeClustersResponse.builder().clusters(List.of()).build();
    }

    @Override
    public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest request) {
        return RegisterTaskDefinitionResponse.builder().tags(request.tags()).taskDefinition(TaskDefinition.builder().family(request.family())
                .revision(7)
                .registeredAt(Instant.parse("2026-01-01T00:00:00.25Z")).containerDefinitions(request.containerDefinitions())
                .networkMode(request.networkMode()).build()).build();
    }

    @Override
    public DeleteClusterResponse deleteCluster(DeleteClusterRequest request) {
        if (request.cluster().equals("bug")) {
            return DeleteClusterResponse.builder().cluster(Cluster.builder().clusterName(Map.of("a", "b").remove("a")).build()).build();
        }
        if (request.cluster().equals("half")) {
            throw new UnsupportedOperationException("DeleteCluster of half a cluster");
        }
        throw ClusterNotFoundException.builder().message("Cluster not found.").build();
    }

    @Override
    public String serviceName() {
        return "ecs";
    }

    @Override
    public void close() {}
}
