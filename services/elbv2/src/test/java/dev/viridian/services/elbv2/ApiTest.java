package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// What may be configured, what is shown again, and what is refused in AWS's words.
class ApiTest {
    private World world = new World(new VirtualTime(), Runnable::run);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_load_balancer_needs_two_zones() {
        validation(() -> create("web", r -> r.subnets("subnet-a")), "At least two subnets in two different Availability Zones must be specified");
        validation(() -> create("web", r -> r.subnets("subnet-a", "subnet-a2")),
                "At least two subnets in two different Availability Zones must be specified");
        assertThatThrownBy(() -> create("web", r -> r.subnets("subnet-a", "subnet-x"))).isInstanceOf(SubnetNotFoundException.class)
                .hasMessageContaining("The subnet ID 'subnet-x' does not exist");
        assertThatThrownBy(() -> create("web", r -> r.subnets("subnet-a", "subnet-b").securityGroups("sg-x")))
                .isInstanceOf(InvalidSecurityGroupException.class);
    }

    @Test
    void creating_a_load_balancer_again_gives_the_same_one_unless_settings_differ() {
        LoadBalancer first = world.balancer("web");

        assertThat(world.balancer("web").loadBalancerArn()).isEqualTo(first.loadBalancerArn());
        assertThatThrownBy(() -> create("web", r -> r.subnets("subnet-a", "subnet-b").scheme("internal")))
                .isInstanceOf(DuplicateLoadBalancerNameException.class)
                .hasMessageContaining("A load balancer with the same name 'web' exists, but with different settings");
        assertThat(first.loadBalancerArn()).matches("arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/[0-9a-f]{16}");
        assertThat(first.securityGroups()).containsExactly("sg-1");
        assertThat(first.vpcId()).isEqualTo("vpc-1");
        assertThat(first.canonicalHostedZoneId()).isEqualTo("Z35SXDOTRQ7X7K");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            a-name-of-thirty-three-characters | cannot be longer than '32' characters
            -web                              | cannot begin or end with '-'
            we_b                              | can only contain characters that are alphanumeric characters or hyphens(-)
            internal-web                      | cannot begin with 'internal-'
            """)
    void names_of_load_balancers(String name, String message) {
        validation(() -> create(name, r -> r.subnets("subnet-a", "subnet-b")), message);
    }

    @Test
    void one_listener_per_port() {
        LoadBalancer balancer = world.balancer("web");
        int port = freePort();
        world.listener(balancer, port, say("one"));

        assertThatThrownBy(() -> world.listener(balancer, port, say("two"))).isInstanceOf(DuplicateListenerException.class)
                .hasMessageContaining("A listener already exists on this port for this load balancer '" + balancer.loadBalancerArn() + "'");
        world.listener(balancer, freePort(), say("two"));
    }

    @Test
    void creating_a_listener_again_gives_the_same_one_with_its_rules() {
        LoadBalancer balancer = world.balancer("web");
        int port = freePort();
        TargetGroup group = world.group("green");
        Listener first = world.listener(balancer, port, forward(group));
        rule(first, 7);

        assertThat(world.listener(balancer, port, forward(group))).isEqualTo(first);
        assertThat(world.listener(balancer, port, forward(group).copy(a -> a.order(1)))).as("an only action needs no order").isEqualTo(first);
        assertThat(world.listener(balancer, port, Action.builder().type("forward").forwardConfig(f -> f.targetGroups(t -> t
                .targetGroupArn(group.targetGroupArn()))).build())).as("the same in the other spelling").isEqualTo(first);
        assertThat(world.call(e -> e.describeRules(r -> r.listenerArn(first.listenerArn()))).rules()).extracting(Rule::priority)
                .containsExactly("7", "default");
        assertThatThrownBy(() -> world.listener(balancer, port, forward(group, 1, world.group("blue"), 0)))
                .isInstanceOf(DuplicateListenerException.class);
        world.call(e -> e.modifyListener(r -> r.listenerArn(first.listenerArn()).defaultActions(say("now"))));
        assertThatThrownBy(() -> world.listener(balancer, port, forward(group))).isInstanceOf(DuplicateListenerException.class);
    }

    @Test
    void listeners_must_speak_what_the_load_balancer_speaks() {
        LoadBalancer balancer = world.balancer("web");

        validation(() -> listener(balancer, r -> r.protocol("TCP")), "Listener protocol 'TCP' must be one of 'HTTPS, HTTP'");
        validation(() -> listener(balancer, r -> r.protocol("HTTPS")), "A certificate must be specified for HTTPS listeners");
        assertThatThrownBy(() -> listener(balancer, r -> r.protocol("HTTPS")
                .certificates(c -> c.certificateArn("arn:aws:acm:us-east-1:123456789012:certificate/x"))))
                .isInstanceOf(CertificateNotFoundException.class);
        validation(() -> listener(balancer, r -> r.protocol("HTTP").port(null)), "A listener port must be specified");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            a name of 33 characters  | Target group name 'a-name-of-thirty-three-characters' cannot be longer than '32' characters
            a leading hyphen         | Target group name '-green' cannot begin or end with '-'
            timeout above interval   | Health check timeout '10' must be smaller than the interval '5'
            an unknown VPC           | The VPC ID 'vpc-01ad05dbfdd8603d9' is not found
            a path without slash     | Health check path 'health' must begin with a '/' character
            a 600 matcher            | HttpCode must be like 200 | 200-399 | 200,201
            """, quoteCharacter = '`')
    void impossible_target_groups_are_refused(String what, String message) {
        assertThatThrownBy(() -> group(r -> {
            switch (what) {
                case "a name of 33 characters" -> r.name("a-name-of-thirty-three-characters");
                case "a leading hyphen" -> r.name("-green");
                case "timeout above interval" -> r.healthCheckIntervalSeconds(5).healthCheckTimeoutSeconds(10);
                case "an unknown VPC" -> r.vpcId("vpc-01ad05dbfdd8603d9");
                case "a path without slash" -> r.healthCheckPath("health");
                default -> r.matcher(m -> m.httpCode("600"));
            }
        })).isInstanceOf(AwsServiceException.class).hasMessageContaining(message);
    }

    @Test
    void health_check_settings_have_the_documented_defaults() {
        TargetGroup group = group(r -> { });

        assertThat(group.healthCheckIntervalSeconds()).isEqualTo(30);
        assertThat(group.healthCheckTimeoutSeconds()).isEqualTo(5);
        assertThat(group.healthyThresholdCount()).isEqualTo(5);
        assertThat(group.unhealthyThresholdCount()).isEqualTo(2);
        assertThat(group.matcher().httpCode()).isEqualTo("200");
        assertThat(group.healthCheckPath()).isEqualTo("/");
        assertThat(group.healthCheckPort()).isEqualTo("traffic-port");
        assertThat(group.protocolVersion()).isEqualTo("HTTP1");
        assertThat(group(r -> r.name("odd").matcher(m -> m.httpCode("200,301-302"))).matcher().httpCode()).isEqualTo("200,301-302");
    }

    @Test
    void creating_a_group_again_gives_the_same_one_unless_settings_differ() {
        TargetGroup first = group(r -> { });

        assertThat(group(r -> { }).targetGroupArn()).isEqualTo(first.targetGroupArn());
        assertThatThrownBy(() -> group(r -> r.port(81))).isInstanceOf(DuplicateTargetGroupNameException.class)
                .hasMessageContaining("A target group with the same name 'green' exists, but with different settings");
    }

    @Test
    void a_group_in_use_stays_until_nothing_names_it_also_with_weight_0() {
        TargetGroup blue = world.group("blue");
        TargetGroup green = world.group("green");
        LoadBalancer balancer = world.balancer("web");
        Listener listener = world.listener(balancer, freePort(), forward(blue, 100, green, 0));

        assertThatThrownBy(() -> world.call(e -> e.deleteTargetGroup(r -> r.targetGroupArn(green.targetGroupArn()))))
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining("Target group '" + green.targetGroupArn() + "' is currently in use by a listener or a rule");
        assertThat(described(green).loadBalancerArns()).containsExactly(balancer.loadBalancerArn());
        assertThatThrownBy(() -> world.listener(world.balancer("other"), freePort(), forward(green)))
                .isInstanceOf(TargetGroupAssociationLimitException.class);

        world.call(e -> e.deleteListener(r -> r.listenerArn(listener.listenerArn())));
        world.call(e -> e.deleteTargetGroup(r -> r.targetGroupArn(green.targetGroupArn())));
        world.call(e -> e.deleteTargetGroup(r -> r.targetGroupArn(green.targetGroupArn())));
        assertThatThrownBy(() -> described(green)).isInstanceOf(TargetGroupNotFoundException.class)
                .hasMessageContaining("One or more target groups not found");
    }

    @Test
    void a_forward_to_one_group_is_shown_in_both_spellings_and_to_two_only_as_a_config() {
        TargetGroup blue = world.group("blue");
        TargetGroup green = world.group("green");
        Listener listener = world.listener(world.balancer("web"), freePort(), forward(blue));

        Action one = listener.defaultActions().getFirst();
        assertThat(one.targetGroupArn()).isEqualTo(blue.targetGroupArn());
        assertThat(one.forwardConfig().targetGroups()).containsExactly(TargetGroupTuple.builder().targetGroupArn(blue.targetGroupArn()).weight(1)
                .build());
        assertThat(one.forwardConfig().targetGroupStickinessConfig().enabled()).isFalse();

        Action two = world.call(e -> e.modifyListener(r -> r.listenerArn(listener.listenerArn()).defaultActions(forward(blue, 90, green, 10))))
                .listeners().getFirst().defaultActions().getFirst();
        assertThat(two.targetGroupArn()).isNull();
        assertThat(two.forwardConfig().targetGroups()).extracting(TargetGroupTuple::weight).containsExactly(90, 10);
    }

    @Test
    void rules_have_unique_priorities_and_the_default_rule_cannot_go() {
        Listener listener = world.listener(world.balancer("web"), freePort(), say("x"));
        Rule rule = rule(listener, 10);
        Rule other = rule(listener, 20);

        assertThatThrownBy(() -> rule(listener, 10)).isInstanceOf(PriorityInUseException.class)
                .hasMessageContaining("Priority '10' is currently in use");
        List<Rule> rules = world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules();
        assertThat(rules).extracting(Rule::priority).containsExactly("10", "20", "default");
        assertThat(rules.getLast().isDefault()).isTrue();
        assertThatThrownBy(() -> world.call(e -> e.deleteRule(r -> r.ruleArn(rules.getLast().ruleArn()))))
                .isInstanceOf(OperationNotPermittedException.class)
                .hasMessageContaining("Default rule '" + rules.getLast().ruleArn() + "' cannot be deleted");

        world.call(e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(rule.ruleArn()).priority(20),
                p -> p.ruleArn(other.ruleArn()).priority(10))));
        assertThat(world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules().getFirst().ruleArn())
                .isEqualTo(other.ruleArn());
        assertThatThrownBy(() -> world.call(e -> e.setRulePriorities(r -> r.rulePriorities(p -> p.ruleArn(rule.ruleArn()).priority(10)))))
                .isInstanceOf(PriorityInUseException.class);
        validation(() -> world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(1)
                .conditions(c -> c.field("cookie").values("x")).actions(say("x")))),
                "Condition field 'cookie' must be one of '[path-pattern,host-header,http-header,http-request-method,query-string,source-ip]'");
        validation(() -> world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(1).conditions(c -> c.field("path-pattern"))
                .actions(say("x")))),
                "A condition value must be specified");
    }

    @Test
    void deletion_protection_protects_and_a_deleted_balancer_leaves_its_groups() {
        LoadBalancer balancer = world.balancer("web");
        TargetGroup group = world.group("green");
        world.listener(balancer, freePort(), forward(group));
        protect(balancer, "true");

        assertThatThrownBy(() -> delete(balancer)).isInstanceOf(OperationNotPermittedException.class)
                .hasMessageContaining("Load balancer '" + balancer.loadBalancerArn() + "' cannot be deleted because deletion protection is enabled");

        protect(balancer, "false");
        delete(balancer);
        delete(balancer);
        assertThat(described(group).loadBalancerArns()).isEmpty();
        assertThatThrownBy(() -> world.call(e -> e.describeLoadBalancers(r -> r.names("web")))).isInstanceOf(LoadBalancerNotFoundException.class);
    }

    @Test
    void attributes_that_do_not_exist_or_are_out_of_range_are_refused() {
        LoadBalancer balancer = world.balancer("web");
        TargetGroup group = world.group("green");

        validation(() -> attribute(balancer, "nonsense", "1"), "Load balancer attribute key 'nonsense' is not recognized");
        validation(() -> attribute(balancer, "idle_timeout.timeout_seconds", "4001"),
                "'idle_timeout.timeout_seconds' value '4001' must be between '1-4000' inclusive");
        validation(() -> attribute(group, "deregistration_delay.timeout_seconds", "3601"),
                "'deregistration_delay.timeout_seconds' value '3601' must be between '0-3600' inclusive");
        attribute(group, "deregistration_delay.timeout_seconds", "5");
        assertThat(world.call(e -> e.describeTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn()))).attributes())
                .contains(TargetGroupAttribute.builder().key("deregistration_delay.timeout_seconds").value("5").build())
                .contains(TargetGroupAttribute.builder().key("stickiness.enabled").value("false").build());
    }

    @Test
    void targets_must_be_addresses_and_those_that_are_not_there_can_leave() {
        TargetGroup group = world.group("green");
        validation(() -> register(group, "example.com"), "The IP address 'example.com' is not a valid IPv4 or IPv6 address");
        register(group, "10.0.1.5");

        deregister(group, t -> t.id("10.0.1.6"));
        deregister(group, t -> t.id("10.0.1.5").port(81));
        assertThat(registered(group)).containsExactly("10.0.1.5:80");
        TargetHealthDescription unknown = world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn())
                .targets(t -> t.id("10.0.1.6"))))
                .targetHealthDescriptions().getFirst();
        assertThat(unknown.targetHealth().stateAsString()).isEqualTo("unused");
        assertThat(unknown.targetHealth().reasonAsString()).isEqualTo("Target.NotRegistered");
        assertThat(unknown.target().port()).isEqualTo(80);
    }

    /// The code is AWS's model's, the wording a guess.
    @Test
    void what_can_be_no_target_cannot_leave_and_then_nothing_does() {
        TargetGroup group = world.group("green");
        register(group, "10.0.1.5");

        assertThatThrownBy(() -> deregister(group, t -> t.id("10.0.1.5"), t -> t.id("i-0123456789abcdef0")))
                .isInstanceOf(InvalidTargetException.class)
                .hasMessageContaining("The target IDs 'i-0123456789abcdef0' are not valid");
        assertThat(registered(group)).containsExactly("10.0.1.5:80");
    }

    /// Source: API reference, DeregisterTargets: who overrode the port at registration must name it again.
    @Test
    void without_a_port_the_target_on_the_groups_port_leaves() {
        TargetGroup group = world.group("green");
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id("10.0.1.5"), t -> t.id("10.0.1.5").port(81),
                t -> t.id("10.0.1.6").port(81))));

        deregister(group, t -> t.id("10.0.1.5"), t -> t.id("10.0.1.6"));
        assertThat(registered(group)).containsExactly("10.0.1.5:81", "10.0.1.6:81");
        deregister(group, t -> t.id("10.0.1.5").port(81));
        assertThat(registered(group)).containsExactly("10.0.1.6:81");
    }

    @SafeVarargs
    private void deregister(TargetGroup group, Consumer<TargetDescription.Builder>... targets) {
        world.call(e -> e.deregisterTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(targets)));
    }

    private List<String> registered(TargetGroup group) {
        return world.call(e -> e.describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))).targetHealthDescriptions().stream()
                .map(each -> each.target().id() + ":" + each.target().port()).toList();
    }

    @Test
    void describe_calls_are_paged() {
        world.group("a");
        world.group("b");
        world.group("c");

        DescribeTargetGroupsResponse first = world.call(e -> e.describeTargetGroups(r -> r.pageSize(2)));
        DescribeTargetGroupsResponse second = world.call(e -> e.describeTargetGroups(r -> r.pageSize(2).marker(first.nextMarker())));
        assertThat(first.targetGroups()).hasSize(2);
        assertThat(second.targetGroups()).hasSize(1);
        assertThat(second.nextMarker()).isNull();
    }

    @Test
    void rules_that_go_between_two_pages_hide_no_others() {
        Listener listener = world.listener(world.balancer("web"), freePort(), say("x"));
        Rule first = rule(listener, 9);
        List.of(10, 100, 2000, 50000).forEach(priority -> rule(listener, priority));

        DescribeRulesResponse one = page(listener, null);
        world.call(e -> e.deleteRule(r -> r.ruleArn(first.ruleArn())));
        DescribeRulesResponse two = page(listener, one.nextMarker());
        rule(listener, 50);
        DescribeRulesResponse three = page(listener, two.nextMarker());

        assertThat(List.of(one, two, three)).extracting(page -> page.rules().stream().map(Rule::priority).toList())
                .containsExactly(List.of("9", "10"), List.of("100", "2000"), List.of("50000", "default"));
        assertThat(three.nextMarker()).isNull();
    }

    private DescribeRulesResponse page(Listener listener, @Nullable String marker) {
        return world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()).pageSize(2).marker(marker)));
    }

    @Test
    void tags_belong_to_what_exists() {
        LoadBalancer balancer = world.balancer("web");
        world.call(e -> e.addTags(r -> r.resourceArns(balancer.loadBalancerArn()).tags(t -> t.key("team").value("shop"))));

        assertThat(world.call(e -> e.describeTags(r -> r.resourceArns(balancer.loadBalancerArn()))).tagDescriptions().getFirst().tags())
                .containsExactly(Tag.builder().key("team").value("shop").build());
        assertThatThrownBy(() -> world.call(e -> e.addTags(r -> r.resourceArns(balancer.loadBalancerArn() + "0").tags(t -> t.key("k").value("v")))))
                .isInstanceOf(LoadBalancerNotFoundException.class);
    }

    @Test
    void after_a_crash_the_proxy_serves_what_was_configured() {
        LoadBalancer balancer = world.balancer("web");
        int port = freePort();
        TargetGroup group = world.group("green");
        world.listener(balancer, port, forward(group));
        register(group, "127.0.0.1");

        world = world.crashed();

        assertThat(world.elb.bindings()).extracting(ListenerBinding::port).containsExactly(port);
        assertThat(world.proxy.health(group.targetGroupArn())).hasSize(1);
    }

    private void create(String name, Consumer<CreateLoadBalancerRequest.Builder> settings) {
        world.call(e -> e.createLoadBalancer(r -> settings.accept(r.name(name))));
    }

    private void listener(LoadBalancer balancer, Consumer<CreateListenerRequest.Builder> settings) {
        world.call(e -> e.createListener(r -> settings.accept(r.loadBalancerArn(balancer.loadBalancerArn()).port(443).defaultActions(say("x")))));
    }

    private TargetGroup group(Consumer<CreateTargetGroupRequest.Builder> settings) {
        return world.call(e -> e.createTargetGroup(r -> settings.accept(r.name("green").protocol("HTTP").port(80).vpcId("vpc-1").targetType("ip"))))
                .targetGroups().getFirst();
    }

    private TargetGroup described(TargetGroup group) {
        return world.call(e -> e.describeTargetGroups(r -> r.targetGroupArns(group.targetGroupArn()))).targetGroups().getFirst();
    }

    private Rule rule(Listener listener, int priority) {
        return world.call(e -> e.createRule(r -> r.listenerArn(listener.listenerArn()).priority(priority)
                .conditions(c -> c.field("path-pattern").values("/p" + priority))
                .actions(say("x")))).rules().getFirst();
    }

    private void protect(LoadBalancer balancer, String value) {
        attribute(balancer, "deletion_protection.enabled", value);
    }

    private void attribute(LoadBalancer balancer, String key, String value) {
        world.call(e -> e.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn()).attributes(a -> a.key(key).value(value))));
    }

    private void attribute(TargetGroup group, String key, String value) {
        world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn()).attributes(a -> a.key(key).value(value))));
    }

    private void register(TargetGroup group, String id) {
        world.call(e -> e.registerTargets(r -> r.targetGroupArn(group.targetGroupArn()).targets(t -> t.id(id))));
    }

    private void delete(LoadBalancer balancer) {
        world.call(e -> e.deleteLoadBalancer(r -> r.loadBalancerArn(balancer.loadBalancerArn())));
    }

    private static void validation(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ElasticLoadBalancingV2Exception.class).hasMessageContaining(message)
                .satisfies(e -> assertThat(((AwsServiceException) e).awsErrorDetails().errorCode()).isEqualTo("ValidationError"));
    }
}
