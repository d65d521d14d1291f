package dev.viridian.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.aws.Caller;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;

/// The whole server in this process, without a container engine's help.
class ResetTest {
    @TempDir
    Path folder;

    @Test
    void an_ephemeral_server_forgets_everything_and_goes_on_as_if_just_started() throws Exception {
        try (Viridian viridian = Viridian.start(settings(true))) {
            fill(viridian);
            assertThat(post(viridian)).isEqualTo(200);

            assertThat(as(viridian, () -> viridian.client(S3Client.class).listBuckets().buckets())).isEmpty();
            assertThat(as(viridian, () -> viridian.client(EcsClient.class).listClusters().clusterArns())).isEmpty();
            assertThat(as(viridian, () -> viridian.client(CodeCommitClient.class).listRepositories(b -> {}).repositories())).isEmpty();
            assertThat(as(viridian, () -> viridian.client(Ec2Client.class).describeVpcs().vpcs())).hasSize(1);

            fill(viridian);
            assertThat(as(viridian, () -> viridian.client(S3Client.class).listBuckets().buckets())).extracting(Bucket::name).containsExactly("shop");
        }
    }

    @Test
    void a_server_that_keeps_its_data_cannot_be_reset() throws Exception {
        try (Viridian viridian = Viridian.start(settings(false))) {
            fill(viridian);

            assertThat(post(viridian)).isEqualTo(403);
            assertThat(as(viridian, () -> viridian.client(S3Client.class).listBuckets().buckets())).hasSize(1);
        }
    }

    private Settings settings(boolean ephemeral) {
        return new Settings(folder, "127.0.0.1", 0, 60, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, ephemeral);
    }

    private static void fill(Viridian viridian) {
        as(viridian, () -> viridian.client(S3Client.class).createBucket(b -> b.bucket("shop")));
        as(viridian, () -> viridian.client(S3Client.class).putObject(b -> b.bucket("shop").key("page"), RequestBody.fromString("green")));
        as(viridian, () -> viridian.client(EcsClient.class).createCluster(b -> b.clusterName("shop")));
        as(viridian, () -> viridian.client(CodeCommitClient.class).createRepository(b -> b.repositoryName("shop")));
    }

    private static <R> R as(Viridian viridian, Supplier<R> call) {
        return Caller.get(viridian.root(), call);
    }

    private static int post(Viridian viridian) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest reset = HttpRequest.newBuilder(URI.create(viridian.endpoint() + "/_viridian/reset")).POST(HttpRequest.BodyPublishers.noBody()).build();
            return http.send(reset, BodyHandlers.ofString()).statusCode();
        }
    }
}
