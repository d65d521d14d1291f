package dev.viridian.services.ecs;

import dev.viridian.aws.AwsErrors;
import dev.viridian.engine.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// Target groups whose health a test decides.
final class FakeLoadBalancers implements ElasticLoadBalancingV2Client {
    private final Time time;
    private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
    private final Map<String, Map<TargetDescription, TargetHealth>> targets = new LinkedHashMap<>();
    private final Map<String, TargetHealth> verdicts = new LinkedHashMap<>();
    private final Map<TargetDescription, Instant> drainedAt = new LinkedHashMap<>();
    private Duration drain = Duration.ofSeconds(30);
    /// What was asked to change, in order.
    final List<String> journal = new ArrayList<>();

    FakeLoadBalancers(Time time) {
        this.time = time;
    }

    String group(String name, TargetTypeEnum type, boolean attached) {
        String arn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/" + name + "/0123456789abcdef";
        groups.put(arn, TargetGroup.builder().targetGroupArn(arn).targetGroupName(name).targetType(type)
                .loadBalancerArns(attached ? List.of("arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/lb/1") : List.of())
                        .build());
        targets.put(arn, new LinkedHashMap<>());
        verdict(arn, TargetHealthStateEnum.HEALTHY, null);
        return arn;
    }

    /// What all targets of the group are found to be from now on.
    void verdict(String group, TargetHealthStateEnum state, String description) {
        TargetHealth health = TargetHealth.builder().state(state).description(description).build();
        verdicts.put(group, health);
        targets.get(group).replaceAll((target, old) -> old.state() == TargetHealthStateEnum.DRAINING ? old : health);
    }

    /// Only the target of that address is found so; all others are healthy.
    void only(String group, String address, TargetHealthStateEnum state) {
        verdict(group, TargetHealthStateEnum.HEALTHY, null);
        targets.get(group).replaceAll((target, old) -> target.id().equals(address)
                ? TargetHealth.builder().state(state).description("found so").build() : old);
    }

    /// As when somebody deletes the group.
    void remove(String group) {
        groups.remove(group);
    }

    void drainFor(Duration duration) {
        drain = duration;
    }

    synchronized List<String> registered(String group) {
        return targets.get(group).entrySet().stream().filter(entry -> entry.getValue().state() != TargetHealthStateEnum.DRAINING)
                .map(entry -> entry.getKey().id() + ":" + entry.getKey().port()).toList();
    }

    @Override
    public synchronized DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        return DescribeTargetGroupsResponse.builder().targetGroups(request.targetGroupArns().stream().map(this::known).toList()).build();
    }

    private TargetGroup known(String arn) {
        if (!arn.startsWith("arn:aws:elasticloadbalancing:")) {
            throw AwsErrors.of(ElasticLoadBalancingV2Exception.builder(), "ValidationError", 400, "'" + arn + "' is not a valid target group ARN");
        }
        if (!groups.containsKey(arn)) {
            throw TargetGroupNotFoundException.builder().message("One or more target groups not found").build();
        }
        return groups.get(arn);
    }

    @Override
    public synchronized RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
        known(request.targetGroupArn());
        request.targets().forEach(target -> {
            journal.add("register " + target.id() + ":" + target.port());
            targets.get(request.targetGroupArn()).put(target, verdicts.get(request.targetGroupArn()));
        });
        return RegisterTargetsResponse.builder().build();
    }

    @Override
    public synchronized DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
        known(request.targetGroupArn());
        request.targets().forEach(target -> {
            journal.add("deregister " + target.id() + ":" + target.port());
            targets.get(request.targetGroupArn()).replace(target, TargetHealth.builder().state(TargetHealthStateEnum.DRAINING).build());
            drainedAt.put(target, time.now().plus(drain));
        });
        return DeregisterTargetsResponse.builder().build();
    }

    @Override
    public synchronized DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
        known(request.targetGroupArn());
        Map<TargetDescription, TargetHealth> here = targets.get(request.targetGroupArn());
        here.keySet().removeIf(target -> here.get(target).state() == TargetHealthStateEnum.DRAINING && !time.now().isBefore(drainedAt.get(target)));
        List<TargetDescription> asked = request.hasTargets() && !request.targets().isEmpty() ? request.targets() : List.copyOf(here.keySet());
        return DescribeTargetHealthResponse.builder().targetHealthDescriptions(asked.stream().map(target -> TargetHealthDescription.builder()
                .target(target)
                .targetHealth(here.getOrDefault(target, TargetHealth.builder().state(TargetHealthStateEnum.UNUSED).build()))
                .build()).toList()).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
    }
}
