package dev.viridian.services.elbv2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import dev.viridian.proxy.Proxy;
import dev.viridian.proxy.ProxyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.Executor;
import java.util.function.Function;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// The service with a real proxy on real sockets, and one user who calls it.
final class World implements AutoCloseable {
    final Store store;
    final MetricsRecorder metrics = new MetricsRecorder();
    final Time time;
    final Proxy proxy;
    final Work work;
    final ElasticLoadBalancingV2 elb;
    private final Caller user = new Caller("123456789012", "us-east-1", new Principal.User("123456789012", "dev", "AIDAEXAMPLE"), "request");

    World(Time time, Executor executor) {
        this(time, executor, LoadBalancerOptions.DEFAULT);
    }

    World(Time time, Executor executor, LoadBalancerOptions options) {
        this(SqliteStore.inMemory(ShapesMapper.create()), time, executor, options);
    }

    private World(Store store, Time time, Executor executor, LoadBalancerOptions options) {
        this.store = store;
        this.time = time;
        this.proxy = new Proxy(time, ProxyOptions.DEFAULT.withNames("awselb/2.0", "X-Amzn-Trace-Id", "ELB-HealthChecker/2.0").withLoops(1));
        this.work = new Work(store, time, executor);
        this.elb = new ElasticLoadBalancingV2(store, work, time, proxy, new FixedNetwork(), metrics, options).start();
        work.start();
    }

    /// The process dies and another one starts over the same store.
    World crashed() {
        return crashed(LoadBalancerOptions.DEFAULT);
    }

    World crashed(LoadBalancerOptions options) {
        stop();
        return new World(store, time, Runnable::run, options);
    }

    private void stop() {
        elb.close();
        work.close();
        proxy.close();
    }

    <R> R call(Function<ElasticLoadBalancingV2, R> operation) {
        return Caller.get(user, () -> operation.apply(elb));
    }

    LoadBalancer balancer(String name) {
        return call(e -> e.createLoadBalancer(r -> r.name(name).subnets("subnet-a", "subnet-b"))).loadBalancers().getFirst();
    }

    TargetGroup group(String name) {
        return call(e -> e.createTargetGroup(r -> r.name(name).protocol("HTTP").port(80).vpcId(FixedNetwork.VPC).targetType("ip"))).targetGroups()
                .getFirst();
    }

    Listener listener(LoadBalancer balancer, int port, Action action) {
        return call(e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTP").port(port).defaultActions(action)))
                .listeners().getFirst();
    }

    void register(TargetGroup group, int port) {
        call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id("127.0.0.1").port(port))));
    }

    TargetHealth health(TargetGroup group) {
        return call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions().getFirst().targetHealth();
    }

    static Action forward(TargetGroup group) {
        return Action.builder().type(ActionTypeEnum.FORWARD).targetGroupArn(group.targetGroupArn()).build();
    }

    static Action forward(TargetGroup one, int weight, TargetGroup other, int otherWeight) {
        return Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(f -> f.targetGroups(t -> t.targetGroupArn(one.targetGroupArn())
                .weight(weight),
                t -> t.targetGroupArn(other.targetGroupArn()).weight(otherWeight))).build();
    }

    static Action say(String text) {
        return Action.builder().type(ActionTypeEnum.FIXED_RESPONSE).fixedResponseConfig(f -> f.statusCode("200").contentType("text/plain")
                .messageBody(text)).build();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        store.close();
    }
}
