package dev.viridian.acceptance.lossless;

import dev.viridian.engine.time.Polling;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// One load balancer with an HTTP and an HTTPS listener, and all that is done to it while it serves.
final class Balancers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ElasticLoadBalancingV2Client elb;
    private final AcmClient acm;
    private final Ec2Client ec2;
    private final String vpc;
    private final String balancer;

    Balancers(String endpoint) {
        URI uri = URI.create(endpoint);
        elb = client(ElasticLoadBalancingV2Client.builder(), uri);
        acm = client(AcmClient.builder(), uri);
        ec2 = client(Ec2Client.builder(), uri);
        vpc = ec2.describeVpcs().vpcs().getFirst().vpcId();
        List<String> subnets = ec2.describeSubnets().subnets().stream().limit(2).map(subnet -> subnet.subnetId()).toList();
        balancer = elb.createLoadBalancer(b -> b.name("lossless").subnets(subnets)).loadBalancers().getFirst().loadBalancerArn();
    }

    private static <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C client(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint).region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))).build();
    }

    /// A group whose targets are checked every five (configured) seconds.
    String group(String name, String version) {
        return elb.createTargetGroup(b -> b.name(name).protocol(ProtocolEnum.HTTP).protocolVersion(version).port(80).vpcId(vpc).targetType(TargetTypeEnum.IP)
                .healthCheckIntervalSeconds(5).healthCheckTimeoutSeconds(2).healthyThresholdCount(2)).targetGroups().getFirst().targetGroupArn();
    }

    void register(String group, Targets target) {
        elb.registerTargets(b -> b.targetGroupArn(group).targets(description(target)));
    }

    void awaitHealthy(String group, Targets target) {
        await("healthy", () -> state(group, target).equals("healthy"));
    }

    void awaitUnhealthy(String group, Targets target) {
        await("unhealthy", () -> state(group, target).equals("unhealthy"));
    }

    /// Takes a target out and waits until it is drained.
    void drain(String group, Targets target) {
        elb.deregisterTargets(b -> b.targetGroupArn(group).targets(description(target)));
        await("drained", () -> state(group, target).equals("unused") || state(group, target).equals("gone"));
    }

    private String state(String group, Targets target) {
        return elb.describeTargetHealth(b -> b.targetGroupArn(group)).targetHealthDescriptions().stream()
                .filter(each -> each.target().port() == target.port()).map(each -> each.targetHealth().stateAsString()).findFirst().orElse("gone");
    }

    private static TargetDescription description(Targets target) {
        return TargetDescription.builder().id("127.0.0.1").port(target.port()).build();
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        Polling.until(Duration.ofMillis(20), PATIENCE, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
                .orElseThrow(() -> new IllegalStateException("a target was not " + what + " within " + PATIENCE));
    }

    String listener(ProtocolEnum protocol, int port, Action action, Optional<String> certificate) {
        return elb.createListener(b -> {
            b.loadBalancerArn(balancer).protocol(protocol).port(port).defaultActions(action);
            certificate.ifPresent(arn -> b.certificates(c -> c.certificateArn(arn)));
        }).listeners().getFirst().listenerArn();
    }

    String rule(String listener, int priority, String path, Action action) {
        return elb.createRule(b -> b.listenerArn(listener).priority(priority).conditions(c -> c.field("path-pattern").values(path)).actions(action))
                .rules().getFirst().ruleArn();
    }

    static Action forward(String blue, int blueWeight, String green, int greenWeight) {
        return Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(f -> f.targetGroups(
                TargetGroupTuple.builder().targetGroupArn(blue).weight(blueWeight).build(),
                TargetGroupTuple.builder().targetGroupArn(green).weight(greenWeight).build())).build();
    }

    static Action forward(String group) {
        return Action.builder().type(ActionTypeEnum.FORWARD).targetGroupArn(group).build();
    }

    void weigh(String listener, Action action) {
        elb.modifyListener(b -> b.listenerArn(listener).defaultActions(action));
    }

    void weighRule(String rule, Action action) {
        elb.modifyRule(b -> b.ruleArn(rule).actions(action));
    }

    String importCertificate(Identity identity) {
        return acm.importCertificate(b -> b.certificate(SdkBytes.fromUtf8String(identity.certificatePem()))
                .privateKey(SdkBytes.fromUtf8String(identity.keyPem()))).certificateArn();
    }

    void importAgain(String arn, Identity identity) {
        acm.importCertificate(b -> b.certificateArn(arn).certificate(SdkBytes.fromUtf8String(identity.certificatePem()))
                .privateKey(SdkBytes.fromUtf8String(identity.keyPem())));
    }

    void show(String listener, String certificate) {
        elb.modifyListener(b -> b.listenerArn(listener).certificates(c -> c.certificateArn(certificate)));
    }

    @Override
    public void close() {
        elb.close();
        acm.close();
        ec2.close();
    }
}
