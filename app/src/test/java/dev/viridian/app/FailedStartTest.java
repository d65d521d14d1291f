package dev.viridian.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.aws.Caller;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Table;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;

/// The whole server in this process, over a store in which one row cannot be read.
class FailedStartTest {
    /// As a row of the logs of load balancers, of a kind that does not exist. They are read once the listeners are bound.
    private record Unreadable(String kind) {}

    @TempDir
    Path folder;

    @Test
    void a_start_that_fails_half_way_leaves_nothing_open() throws Exception {
        int listener = freePort();
        int api;
        try (Viridian viridian = Viridian.start(settings(0))) {
            api = URI.create(viridian.endpoint()).getPort();
            listen(viridian, listener);
            assertThat(answers(listener)).isTrue();
        }
        rows(rows -> rows.put("broken", new Unreadable("of no kind")));

        assertThatThrownBy(() -> Viridian.start(settings(api))).hasMessageContaining("load balancers");

        assertThat(answers(listener)).isFalse();
        rows(rows -> rows.delete("broken"));
        try (Viridian viridian = Viridian.start(settings(api))) {
            assertThat(viridian.endpoint()).endsWith(":" + api);
            assertThat(answers(listener)).isTrue();
        }
    }

    private Settings settings(int port) {
        return new Settings(folder, "127.0.0.1", port, 1, Settings.DEFAULT_ACCOUNT, Settings.DEFAULT_REGION, false, false);
    }

    private void rows(Consumer<Table<Unreadable>> change) {
        try (SqliteStore store = SqliteStore.open(folder.resolve("state.db"), ShapesMapper.create())) {
            Table<Unreadable> rows = store.table("elbv2.log-streams", Unreadable.class);
            store.transact(() -> change.accept(rows));
        }
    }

    private static void listen(Viridian viridian, int port) {
        ElasticLoadBalancingV2Client elb = viridian.client(ElasticLoadBalancingV2Client.class);
        List<String> subnets = as(viridian, () -> viridian.client(Ec2Client.class).describeSubnets()).subnets().stream().map(Subnet::subnetId).limit(2)
                .toList();
        String balancer = as(viridian, () -> elb.createLoadBalancer(r -> r.name("web").subnets(subnets))).loadBalancers().getFirst().loadBalancerArn();
        as(viridian, () -> elb.createListener(r -> r.loadBalancerArn(balancer).protocol("HTTP").port(port).defaultActions(
                a -> a.type(ActionTypeEnum.FIXED_RESPONSE).fixedResponseConfig(f -> f.statusCode("200")))));
    }

    private static <R> R as(Viridian viridian, Supplier<R> call) {
        return Caller.get(viridian.root(), call);
    }

    private static boolean answers(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
