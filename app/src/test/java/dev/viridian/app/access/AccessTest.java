package dev.viridian.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import dev.viridian.engine.time.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Every way to call a service leads through the gate, and only once.
class AccessTest {
    private final List<String> seen = new ArrayList<>();
    private final Access access = new Access((_, _, operation, _) -> seen.add(operation), Faults.none(), new AuditTrail(new VirtualTime(Instant.EPOCH), null));
    private final Caller somebody = Caller.service("tests.viridian.internal", "123456789012", "eu-west-1");

    /// Two clusters, two pages.
    private static final class Clusters implements EcsClient {
        @Override
        public ListClustersResponse listClusters(ListClustersRequest request) {
            return request.nextToken() == null ? ListClustersResponse.builder().clusterArns("one").nextToken("more").build()
                    : ListClustersResponse.builder().clusterArns("two").build();
        }

        @Override
        public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
            throw ClusterNotFoundException.builder().message("Cluster not found.").build();
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {}
    }

    private static final class OneObject implements S3Client {
        @Override
        public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
            try {
                return transformer.transform(GetObjectResponse.builder().build(), AbortableInputStream.create(new java.io.ByteArrayInputStream(new byte[] {7})));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {}
    }

    private final EcsClient ecs = access.before(EcsClient.class, new Clusters());

    @Test
    void an_operation_passes_the_gate_and_answers() {
        Caller.run(somebody, () -> assertThat(ecs.listClusters(ListClustersRequest.builder().build()).clusterArns()).containsExactly("one"));

        assertThat(seen).containsExactly("ListClusters");
    }

    @Test
    void overloads_and_paginators_pass_the_gate_once_for_each_call_they_end_in() {
        Caller.run(somebody, () -> {
            ecs.listClusters();
            ecs.listClusters(request -> request.maxResults(1));
            assertThat(ecs.listClustersPaginator().clusterArns()).containsExactly("one", "two");
        });

        assertThat(seen).containsExactly("ListClusters", "ListClusters", "ListClusters", "ListClusters");
    }

    @Test
    void what_flows_passes_the_gate() {
        S3Client s3 = access.before(S3Client.class, new OneObject());

        Caller.run(somebody, () -> {
            ResponseBytes<GetObjectResponse> bytes = s3.getObjectAsBytes(request -> request.bucket("bucket").key("key"));
            assertThat(bytes.asByteArray()).containsExactly(7);
        });

        assertThat(seen).containsExactly("GetObject");
    }

    @Test
    void errors_are_completed_as_clients_of_the_sdk_show_them() {
        Caller.run(somebody, () -> assertThatThrownBy(() -> ecs.describeServices(request -> request.services("shop")))
                .isInstanceOfSatisfying(ClusterNotFoundException.class, e -> {
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ClusterNotFoundException");
                    assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("Cluster not found.");
                    assertThat(e.requestId()).isEqualTo(somebody.requestId());
                }));
    }

    @Test
    void an_invalid_request_does_not_reach_the_service() {
        Caller.run(somebody, () -> assertThatThrownBy(() -> ecs.describeServices(request -> { })).isInstanceOf(EcsException.class));

        assertThat(seen).isEmpty();
    }

    @Test
    void an_operation_nobody_wrote_says_so() {
        Caller.run(somebody, () -> assertThatThrownBy(() -> ecs.listServices(request -> { })).isInstanceOf(UnsupportedOperationException.class));
    }

    @Test
    void what_is_no_operation_is_the_services_own_and_needs_no_caller() {
        assertThat(ecs.serviceName()).isEqualTo("ecs");
        ecs.close();
        assertThat(seen).isEmpty();
    }
}
