package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Calls that name what does not exist, what is taken, or too much of it: the error and its words are AWS's, and nothing changes.
class RefusalsTest {
    private static final String NONE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:";

    private final World world = new World(new VirtualTime(), Runnable::run);
    private final LoadBalancer balancer = world.balancer("web");

    @AfterEach
    void close() {
        world.close();
    }

    private void refused(Class<? extends Exception> kind, String message, Function<ElasticLoadBalancingV2, ?> call) {
        assertThatThrownBy(() -> world.call(call)).isInstanceOf(kind).hasMessageContaining(message);
    }

    private Rule rule(Listener listener, int priority) {
        return world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(priority)
                .conditions(c -> c.field("path-pattern").values("/p" + priority)).actions(say("x")))).rules().getFirst();
    }

    private Map<String, String> priorities(Listener listener) {
        Map<String, String> found = new TreeMap<>();
        world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules().forEach(rule -> found.put(rule.priority(),
                rule.conditions().isEmpty() ? "" : rule.conditions().getFirst().values().getFirst()));
        return found;
    }

    @Test
    void load_balancers_that_do_not_exist() {
        String arn = NONE + "loadbalancer/app/none/0123456789abcdef";
        List<Function<ElasticLoadBalancingV2, ?>> calls = List.of(e -> e.describeLoadBalancers(r -> r.loadBalancerArns(arn)),
                e -> e.describeListeners(r -> r.loadBalancerArn(arn)),
                e -> e.createListener(r -> r.loadBalancerArn(arn).protocol("HTTP").port(80).defaultActions(say("x"))),
                e -> e.describeLoadBalancerAttributes(r -> r.loadBalancerArn(arn)), e -> e.describeTargetGroups(r -> r.loadBalancerArn(arn)),
                e -> e.setSubnets(r -> r.loadBalancerArn(arn).subnets("subnet-a", "subnet-b")),
                e -> e.setSecurityGroups(r -> r.loadBalancerArn(arn).securityGroups("sg-1")),
                e -> e.setIpAddressType(r -> r.loadBalancerArn(arn).ipAddressType("ipv4")), e -> e.describeTags(r -> r.resourceArns(arn)));

        assertThat(calls).allSatisfy(call -> refused(LoadBalancerNotFoundException.class, "One or more load balancers not found", call));
        world.call(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(arn)));
    }

    /// Seen of one name, in a report to Terraform (terraform-provider-aws 10669); of several it is a guess.
    @Test
    void names_of_load_balancers_that_do_not_exist_are_told() {
        refused(LoadBalancerNotFoundException.class, "Load balancers '[none]' not found", e -> e.describeLoadBalancers(r -> r.names("none")));
        refused(LoadBalancerNotFoundException.class, "Load balancers '[none, nobody]' not found",
                e -> e.describeLoadBalancers(r -> r.names("none", "web", "nobody", "none")));
    }

    @Test
    void listeners_that_do_not_exist() {
        String arn = NONE + "listener/app/none/0123456789abcdef/0123456789abcdef";
        List<Function<ElasticLoadBalancingV2, ?>> calls = List.of(e -> e.describeListeners(r -> r.listenerArns(arn)),
                e -> e.modifyListener(r -> r.listenerArn(arn).port(81)), e -> e.deleteListener(r -> r.listenerArn(arn)),
                e -> e.describeListenerAttributes(r -> r.listenerArn(arn)), e -> e.describeRules(r -> r.listenerArn(arn)),
                e -> e.createRule(r -> r.listenerArn(arn).priority(1).conditions(c -> c.field("path-pattern").values("/")).actions(say("x"))),
                e -> e.addTags(r -> r.resourceArns(arn).tags(t -> t.key("k").value("v"))));

        assertThat(calls).allSatisfy(call -> refused(ListenerNotFoundException.class, "One or more listeners not found", call));
    }

    @Test
    void rules_that_do_not_exist() {
        String arn = NONE + "listener-rule/app/none/0123456789abcdef/0123456789abcdef/0123456789abcdef";
        List<Function<ElasticLoadBalancingV2, ?>> calls = List.of(e -> e.describeRules(r -> r.ruleArns(arn)),
                e -> e.modifyRule(r -> r.ruleArn(arn).actions(say("x"))), e -> e.deleteRule(r -> r.ruleArn(arn)),
                e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(arn).priority(1))), e -> e.describeTags(r -> r.resourceArns(arn)));

        assertThat(calls).allSatisfy(call -> refused(RuleNotFoundException.class, "One or more rules not found", call));
    }

    @Test
    void target_groups_that_do_not_exist() {
        String arn = NONE + "targetgroup/none/0123456789abcdef";
        TargetGroup none = TargetGroup.builder().targetGroupArn(arn).build();
        List<Function<ElasticLoadBalancingV2, ?>> calls = List.of(e -> e.describeTargetGroups(r -> r.targetGroupArns(arn)),
                e -> e.describeTargetGroups(r -> r.names("none")), e -> e.modifyTargetGroup(r -> r.targetGroupArn(arn).healthCheckPath("/x")),
                e -> e.describeTargetGroupAttributes(r -> r.targetGroupArn(arn)),
                e -> e.registerTargets(r -> r.targetGroupArn(arn).targets(t -> t.id("10.0.0.1"))),
                e -> e.deregisterTargets(r -> r.targetGroupArn(arn).targets(t -> t.id("10.0.0.1"))),
                e -> e.describeTargetHealth(r -> r.targetGroupArn(arn)),
                e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTP").port(80).defaultActions(forward(none))));

        assertThat(calls).allSatisfy(call -> refused(TargetGroupNotFoundException.class, "One or more target groups not found", call));
    }

    /// Texts seen in reports of aws-cli (3260, 3673) and Terraform (18060); the one for rules is a guess after them.
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"web", "", "arn", "arn:aws:elasticloadbalancing:us-east-1:123456789012:", "arn:aws:s3:::bucket",
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/web", "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/web/1",
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web", "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/1",
        "arn:aws:elasticloadbalancing:us-east-1:210987654321:%s", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:%s",
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:%s/more/of/it"})
    void arns_that_can_be_none(String pattern) {
        String lb = pattern.formatted("loadbalancer/app/none/0123456789abcdef");
        isNo("load balancer", lb, List.of(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(lb)),
                e -> e.describeLoadBalancers(r -> r.loadBalancerArns(lb)),
                e -> e.describeLoadBalancerAttributes(r -> r.loadBalancerArn(lb)), e -> e.describeListeners(r -> r.loadBalancerArn(lb)),
                e -> e.describeTargetGroups(r -> r.loadBalancerArn(lb)),
                e -> e.createListener(r -> r.loadBalancerArn(lb).protocol("HTTP").port(80).defaultActions(say("x")))));
        String group = pattern.formatted("targetgroup/none/0123456789abcdef");
        isNo("target group", group, List.of(e -> e.deleteTargetGroup(r -> r.targetGroupArn(group)),
                e -> e.describeTargetGroups(r -> r.targetGroupArns(group)), e -> e.describeTargetHealth(r -> r.targetGroupArn(group)),
                e -> e.registerTargets(r -> r.targetGroupArn(group).targets(t -> t.id("10.0.0.1"))),
                e -> e.deregisterTargets(r -> r.targetGroupArn(group).targets(t -> t.id("10.0.0.1"))),
                e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTP").port(80)
                        .defaultActions(forward(TargetGroup.builder().targetGroupArn(group).build())))));
        String listener = pattern.formatted("listener/app/none/0123456789abcdef/0123456789abcdef");
        isNo("listener", listener, List.of(e -> e.deleteListener(r -> r.listenerArn(listener)),
                e -> e.modifyListener(r -> r.listenerArn(listener).port(81)),
                e -> e.describeListeners(r -> r.listenerArns(listener)), e -> e.describeRules(r -> r.listenerArn(listener)),
                e -> e.describeListenerCertificates(r -> r.listenerArn(listener))));
        String rule = pattern.formatted("listener-rule/app/none/0123456789abcdef/0123456789abcdef/0123456789abcdef");
        isNo("listener rule", rule, List.of(e -> e.deleteRule(r -> r.ruleArn(rule)), e -> e.modifyRule(r -> r.ruleArn(rule).actions(say("x"))),
                e -> e.describeRules(r -> r.ruleArns(rule)), e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(rule).priority(1)))));
    }

    private void isNo(String kind, String arn, List<Function<ElasticLoadBalancingV2, ?>> calls) {
        assertThat(calls).allSatisfy(call -> invalid("'" + arn + "' is not a valid " + kind + " ARN", call));
    }

    private void invalid(String message, Function<ElasticLoadBalancingV2, ?> call) {
        assertThatThrownBy(() -> world.call(call)).isInstanceOfSatisfying(ElasticLoadBalancingV2Exception.class,
                e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationError")).hasMessageContaining(message);
    }

    @Test
    void an_arn_of_another_kind_is_none_of_this_kind() {
        Listener listener = world.listener(balancer, freePort(), say("x"));

        isNo("load balancer", listener.listenerArn(), List.of(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(listener.listenerArn()))));
        isNo("target group", balancer.loadBalancerArn(), List.of(e -> e.deleteTargetGroup(r -> r.targetGroupArn(balancer.loadBalancerArn()))));
        isNo("listener", defaultRule(listener), List.of(e -> e.deleteListener(r -> r.listenerArn(defaultRule(listener)))));
        isNo("listener rule", listener.listenerArn(), List.of(e -> e.deleteRule(r -> r.ruleArn(listener.listenerArn()))));
    }

    /// AWS's model requires neither; the wordings are guesses.
    @Test
    void a_change_of_priority_names_rule_and_priority() {
        Rule rule = rule(world.listener(balancer, freePort(), say("x")), 1);

        invalid("A priority must be specified", e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(rule.ruleArn()))));
        invalid("A rule ARN must be specified", e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.priority(2))));
    }

    @Test
    void a_question_names_one_thing() {
        refused(ElasticLoadBalancingV2Exception.class, "You must specify either listener ARNs or a load balancer ARN",
                e -> e.describeListeners(r -> {}));
        refused(ElasticLoadBalancingV2Exception.class, "You must specify either listener rule ARNs or a listener ARN", e -> e.describeRules(r -> {}));
        refused(ElasticLoadBalancingV2Exception.class, "Load balancer names and load balancer ARNs cannot be specified at the same time",
                e -> e.describeLoadBalancers(r -> r.names("web").loadBalancerArns(balancer.loadBalancerArn())));
        refused(SslPolicyNotFoundException.class, "One or more SSL policies not found", e -> e.describeSSLPolicies(r -> r.names("none")));
        refused(ElasticLoadBalancingV2Exception.class, "not valid", e -> e.describeRules(r -> r
                .listenerArn(world.listener(balancer, freePort(), say("x")).listenerArn()).marker("nonsense")));
    }

    @Test
    void priorities_change_all_or_none() {
        Listener listener = world.listener(balancer, freePort(), say("x"));
        Rule one = rule(listener, 1);
        Rule two = rule(listener, 2);
        rule(listener, 3);
        Map<String, String> before = priorities(listener);

        refused(PriorityInUseException.class, "Priority '3' is currently in use", set(one, 9, two, 3));
        refused(ElasticLoadBalancingV2Exception.class, "Priority '9' was provided multiple times", set(one, 9, two, 9));
        refused(OperationNotPermittedException.class, "cannot be modified", set(one, 9, one.copy(b -> b.ruleArn(defaultRule(listener))), 2));
        assertThat(priorities(listener)).isEqualTo(before);
        world.call(set(one, 2, two, 1));
        assertThat(priorities(listener)).isEqualTo(Map.of("1", "/p2", "2", "/p1", "3", "/p3", "default", ""));
    }

    private String defaultRule(Listener listener) {
        return world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules().getLast().ruleArn();
    }

    private static Function<ElasticLoadBalancingV2, ?> set(Rule one, int priority, Rule other, int otherPriority) {
        return e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(one.ruleArn()).priority(priority),
                p -> p.ruleArn(other.ruleArn()).priority(otherPriority)));
    }

    @Test
    void a_group_serves_one_load_balancer() {
        TargetGroup group = world.group("blue");
        Listener first = world.listener(balancer, freePort(), forward(group));
        LoadBalancer other = world.balancer("other");
        Listener free = world.listener(other, freePort(), say("x"));

        refused(TargetGroupAssociationLimitException.class, "The following target groups cannot be associated with more than one load balancer: "
                + group.targetGroupArn(), e -> e.modifyListener(r -> r.listenerArn(free.listenerArn()).defaultActions(forward(group))));
        world.call(e -> e.modifyListener(r -> r.listenerArn(first.listenerArn()).defaultActions(say("x"))));
        world.call(e -> e.modifyListener(r -> r.listenerArn(free.listenerArn()).defaultActions(forward(group))));
    }

    @Test
    void fifty_listeners_and_no_more() {
        List<Listener> all = IntStream.range(1, 51).mapToObj(i -> world.listener(balancer, freePort(), say("x"))).toList();

        assertThatThrownBy(() -> world.listener(balancer, freePort(), say("x"))).isInstanceOf(TooManyListenersException.class);
        assertThat(world.listener(balancer, all.getFirst().port(), say("x"))).as("the same again is no more").isEqualTo(all.getFirst());
    }

    @Test
    void fifty_tags_with_a_key_each_and_no_more() {
        add(IntStream.range(0, 50).mapToObj(i -> tag("k" + i, "v")).toList());

        assertThatThrownBy(() -> add(List.of(tag("more", "v")))).isInstanceOf(TooManyTagsException.class);
        assertThatThrownBy(() -> add(List.of(tag("k1", "a"), tag("k1", "b")))).isInstanceOf(DuplicateTagKeysException.class);
        add(List.of(tag("k1", "other")));
        world.call(e -> e.removeTags(r -> r.resourceArns(balancer.loadBalancerArn()).tagKeys("k0", "k9", "unknown")));
        assertThat(world.call(e -> e.describeTags(r -> r.resourceArns(balancer.loadBalancerArn()))).tagDescriptions().getFirst().tags())
                .hasSize(48).contains(tag("k1", "other"));
    }

    @Test
    void tags_of_aws_are_awss() {
        Tag tag = tag("aws:x", "v");
        Listener listener = world.listener(balancer, freePort(), say("x"));
        List<Function<ElasticLoadBalancingV2, ?>> calls = List.of(
                e -> e.createLoadBalancer(r -> r.name("other").subnets("subnet-a", "subnet-b").tags(tag)),
                e -> e.createTargetGroup(r -> r.name("blue").protocol("HTTP").port(80).vpcId(FixedNetwork.VPC).tags(tag)),
                e -> e.createListener(r -> r.loadBalancerArn(balancer.loadBalancerArn()).protocol("HTTP").port(listener.port())
                        .defaultActions(say("x")).tags(tag)),
                e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(1).conditions(c -> c.field("path-pattern").values("/"))
                        .actions(say("x")).tags(tag)),
                e -> e.addTags(r -> r.resourceArns(balancer.loadBalancerArn()).tags(tag)));

        assertThat(calls).allSatisfy(call -> invalid("Tag key 'aws:x' cannot start with 'aws:'", call));
        add(List.of(tag("aws", "v"), tag("my:aws:x", "v")));
    }

    @Test
    void what_is_not_there_says_so() {
        List<Function<ElasticLoadBalancingV2, ?>> calls = List.of(
                e -> e.createTrustStore(r -> r.name("store").caCertificatesBundleS3Bucket("b").caCertificatesBundleS3Key("k")),
                e -> e.describeTrustStores(r -> {}),
                e -> e.modifyCapacityReservation(r -> r.loadBalancerArn(balancer.loadBalancerArn())
                        .minimumLoadBalancerCapacity(c -> c.capacityUnits(100))),
                e -> e.modifyIpPools(r -> r.loadBalancerArn(balancer.loadBalancerArn())), e -> e.getResourcePolicy(r -> r.resourceArn("arn")));

        assertThat(calls).allSatisfy(call -> assertThatThrownBy(() -> world.call(call)).isInstanceOf(UnsupportedOperationException.class));
    }

    /// Terraform asks with every read of a load balancer. That a reset of nothing succeeds is a guess, as is the wording of the refusal.
    @Test
    void no_capacity_is_reserved_and_none_can_be_given_up() {
        String arn = balancer.loadBalancerArn();
        String none = NONE + "loadbalancer/app/none/0123456789abcdef";

        DescribeCapacityReservationResponse found = world.call(e -> e.describeCapacityReservation(r -> r.loadBalancerArn(arn)));
        assertThat(found).isEqualTo(DescribeCapacityReservationResponse.builder().build());
        assertThat(world.call(e -> e.modifyCapacityReservation(r -> r.loadBalancerArn(arn).resetCapacityReservation(true)))
                .minimumLoadBalancerCapacity()).isNull();
        invalid("You must specify either a minimum load balancer capacity or a reset", e -> e.modifyCapacityReservation(r -> r.loadBalancerArn(arn)));
        refused(LoadBalancerNotFoundException.class, "One or more load balancers not found",
                e -> e.describeCapacityReservation(r -> r.loadBalancerArn(none)));
        refused(LoadBalancerNotFoundException.class, "One or more load balancers not found",
                e -> e.modifyCapacityReservation(r -> r.loadBalancerArn(none).resetCapacityReservation(true)));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private void add(List<Tag> tags) {
        world.call(e -> e.addTags(r -> r.resourceArns(balancer.loadBalancerArn()).tags(tags)));
    }
}
