package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Conditions, actions and transforms: what is shown again, and what is refused.
class RulesTest {
    private final World world = new World(new VirtualTime(), Runnable::run);
    private final LoadBalancer balancer = world.balancer("web");
    private final Listener listener = world.listener(balancer, freePort(), say("default"));

    @AfterEach
    void close() {
        world.close();
    }

    private Rule rule(Consumer<CreateRuleRequest.Builder> settings) {
        return world.call(e -> e.createRule(r -> settings.accept(r.listenerArn(listener.listenerArn()).priority(10).actions(say("x")))))
                .rules().getFirst();
    }

    private Rule rule(RuleCondition... conditions) {
        return rule(r -> r.conditions(conditions));
    }

    private static RuleCondition on(String field, Consumer<RuleCondition.Builder> settings) {
        return RuleCondition.builder().field(field).applyMutation(settings).build();
    }

    private static RuleCondition path(String... values) {
        return on("path-pattern", c -> c.pathPatternConfig(p -> p.values(values)));
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(on("host-header", c -> c.values("*.a.test")),
                        on("host-header", c -> c.values("*.a.test").hostHeaderConfig(h -> h.values("*.a.test")))),
                Arguments.of(on("host-header", c -> c.hostHeaderConfig(h -> h.values("a.test", "b.test"))),
                        on("host-header", c -> c.values("a.test", "b.test").hostHeaderConfig(h -> h.values("a.test", "b.test")))),
                Arguments.of(on("host-header", c -> c.hostHeaderConfig(h -> h.regexValues("^a"))),
                        on("host-header", c -> c.regexValues("^a").hostHeaderConfig(h -> h.regexValues("^a")))),
                Arguments.of(on("path-pattern", c -> c.regexValues("^/a")),
                        on("path-pattern", c -> c.regexValues("^/a").pathPatternConfig(p -> p.regexValues("^/a")))),
                Arguments.of(path("/img/*"), on("path-pattern", c -> c.values("/img/*").pathPatternConfig(p -> p.values("/img/*")))),
                Arguments.of(on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("X-A").regexValues(".+"))),
                        on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("X-A").regexValues(".+")))),
                Arguments.of(on("query-string", c -> c.queryStringConfig(q -> q.values(v -> v.key("a").value("b"), v -> v.value("c")))),
                        on("query-string", c -> c.queryStringConfig(q -> q.values(v -> v.key("a").value("b"), v -> v.value("c"))))),
                Arguments.of(on("source-ip", c -> c.sourceIpConfig(s -> s.values("10.0.0.0/8", "2001:db8::/32"))),
                        on("source-ip", c -> c.sourceIpConfig(s -> s.values("10.0.0.0/8", "2001:db8::/32")))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void conditions_are_shown_in_both_spellings_where_there_are_two(RuleCondition given, RuleCondition shown) {
        assertThat(rule(given).conditions()).containsExactly(shown);
        assertThat(world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules().getFirst().conditions())
                .containsExactly(shown);
    }

    static Stream<Arguments> impossible() {
        String long129 = "a".repeat(129);
        return Stream.of(Arguments.of("A condition must be specified", List.of()),
                Arguments.of("A condition field must be specified", List.of(RuleCondition.builder().values("/a").build())),
                Arguments.of("Condition field 'cookie' must be one of '[path-pattern,host-header,http-header,http-request-method,query-string,source-ip]'",
                        List.of(on("cookie", c -> c.values("a")))),
                Arguments.of("A condition value must be specified", List.of(path(""))),
                Arguments.of("A condition value must be specified", List.of(on("source-ip", c -> { }))),
                Arguments.of("You cannot provide both Values and 'HostHeaderConfig' for a condition of type 'host-header'",
                        List.of(on("host-header", c -> c.values("a.test").hostHeaderConfig(h -> h.values("a.test"))))),
                Arguments.of("You must provide exactly one of the following: ['Values' 'RegexValues'] for config of type 'PathPatternConfig'",
                        List.of(on("path-pattern", c -> c.pathPatternConfig(p -> p.values("/a").regexValues("a"))))),
                Arguments.of("You cannot provide 'PathPatternConfig' for a condition of type 'host-header'",
                        List.of(on("host-header", c -> c.values("a.test").pathPatternConfig(h -> h.values("/a"))))),
                Arguments.of("Condition value '^/[a-z]{2}(-[A-Z]{2})?/i/' contains a character that is not valid",
                        List.of(path("^/[a-z]{2}(-[A-Z]{2})?/i/"))),
                Arguments.of("Condition value 'a_b.test' contains a character that is not valid", List.of(on("host-header", c -> c.values("a_b.test")))),
                Arguments.of("Condition value 'a.test:80' contains a character that is not valid", List.of(on("host-header", c -> c.values("a.test:80")))),
                Arguments.of("Condition value 'localhost' must contain at least one '.' character", List.of(on("host-header", c -> c.values("localhost")))),
                Arguments.of("can only contain alphabetical characters after the final '.' character",
                        List.of(on("host-header", c -> c.values("10.0.0.1")))),
                Arguments.of("Condition value for 'path-pattern' cannot contain more than 128 characters", List.of(path("/" + long129))),
                Arguments.of("A rule can only have '5' condition values", List.of(path("/1", "/2", "/3"), on("source-ip",
                        c -> c.sourceIpConfig(s -> s.values("10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32"))))),
                Arguments.of("A rule can only have '6' condition wildcards", List.of(path("/*/*/*/*/?/?/?"))),
                Arguments.of("A rule can only have one 'path-pattern' condition", List.of(path("/1"), path("/2"))),
                Arguments.of("The regular expression '(?=a)' is not valid", List.of(on("path-pattern", c -> c.regexValues("(?=a)")))),
                Arguments.of("The regular expression '\\p{L}' is not valid", List.of(on("path-pattern", c -> c.regexValues("\\p{L}")))),
                Arguments.of("The regular expression '((a{99}){99}){99}' is not valid", List.of(on("path-pattern", c -> c.regexValues("((a{99}){99}){99}")))),
                Arguments.of("Wildcards are not supported in the header name",
                        List.of(on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("X-*").values("a"))))),
                Arguments.of("Header name 'X A' contains a character that is not valid",
                        List.of(on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("X A").values("a"))))),
                Arguments.of("You cannot specify 'host' as an HTTP header name",
                        List.of(on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("Host").values("a"))))),
                Arguments.of("cannot be longer than '40' characters",
                        List.of(on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("X".repeat(41)).values("a"))))),
                Arguments.of("You must provide 'HttpRequestMethodConfig' for a condition of type 'http-request-method'",
                        List.of(on("http-request-method", c -> c.values("GET")))),
                Arguments.of("Condition value 'get' contains a character that is not valid",
                        List.of(on("http-request-method", c -> c.httpRequestMethodConfig(m -> m.values("get"))))),
                Arguments.of("The specified value '255.255.255.255/32' is not a valid CIDR block",
                        List.of(on("source-ip", c -> c.sourceIpConfig(s -> s.values("255.255.255.255/32"))))),
                Arguments.of("The specified value '10.0.0.1' is not a valid CIDR block",
                        List.of(on("source-ip", c -> c.sourceIpConfig(s -> s.values("10.0.0.1"))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("impossible")
    void impossible_conditions_are_refused(String message, List<RuleCondition> conditions) {
        validation(() -> rule(conditions.toArray(RuleCondition[]::new)), message);
        assertThat(world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules()).hasSize(1);
    }

    @Test
    void several_header_and_query_conditions_and_escaped_wildcards_are_fine() {
        RuleCondition header = on("http-header", c -> c.httpHeaderConfig(h -> h.httpHeaderName("X-A").values("a*")));
        RuleCondition query = on("query-string", c -> c.queryStringConfig(q -> q.values(v -> v.value("\\*\\*\\*\\*\\*\\*\\*"))));
        assertThat(rule(header, header, query, query).conditions()).hasSize(4);
    }

    private static Action redirect(Consumer<RedirectActionConfig.Builder> settings) {
        return Action.builder().type("redirect").redirectConfig(r -> settings.accept(r.statusCode("HTTP_301"))).build();
    }

    @Test
    void a_redirect_is_shown_with_the_parts_that_were_left_out() {
        RedirectActionConfig shown = rule(r -> r.conditions(path("/a")).actions(redirect(c -> c.protocol("HTTPS").port("443")))).actions().getFirst()
                .redirectConfig();
        assertThat(shown).isEqualTo(RedirectActionConfig.builder().protocol("HTTPS").port("443").host("#{host}").path("/#{path}").query("#{query}")
                .statusCode("HTTP_301").build());
    }

    @ParameterizedTest(name = "{0} {1} {2} {3} {4}: {5}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -           | -         | -      | -              | -         | The redirect configuration is not valid because it creates a loop.
            #{protocol} | #{host}   | #{port}| /#{path}       | a=b       | The redirect configuration is not valid because it creates a loop.
            HTTP        | -         | -      | -              | -         | The redirect configuration is not valid because it creates a loop.
            -           | -         | -      | no-slash       | -         | The Path parameter must be a valid path, should start with a '/' and may contain up to one of each of these placeholders: '#{path}', '#{host}', '#{port}'.
            -           | -         | -      | /#{path}#{path}| -         | The Path parameter must be a valid path
            -           | -         | -      | /#{query}      | -         | The Path parameter must be a valid path
            -           | -         | -      | /a b           | -         | The Path parameter must be a valid path
            -           | a_b       | -      | -              | -         | The Host parameter must be a valid hostname
            -           | #{path}   | -      | -              | -         | The Host parameter must be a valid hostname
            -           | -         | 0      | -              | -         | The Port parameter must be a valid port
            -           | -         | 65536  | -              | -         | The Port parameter must be a valid port
            -           | -         | 80a    | -              | -         | The Port parameter must be a valid port
            -           | -         | -      | /x             | ?a=b      | The Query parameter must be a valid query string
            -           | -         | -      | /x             | #{other}  | The Query parameter must be a valid query string
            """)
    void impossible_redirects_are_refused(String protocol, String host, String port, String path, String query, String message) {
        assertThatThrownBy(() -> rule(r -> r.conditions(path("/a")).actions(redirect(c -> c.protocol(protocol).host(host).port(port).path(path)
                .query(query))))).isInstanceOf(InvalidLoadBalancerActionException.class).hasMessageContaining(message);
    }

    @Test
    void what_an_action_cannot_do_without_is_named() {
        refused(InvalidLoadBalancerActionException.class, "For actions of type 'redirect', you must specify the following fields: 'RedirectConfig'",
                Action.builder().type("redirect").build());
        refused(InvalidLoadBalancerActionException.class,
                "For actions of type 'fixed-response', you must specify the following fields: 'FixedResponseConfig'",
                Action.builder().type("fixed-response").build());
        refused(InvalidLoadBalancerActionException.class, "For actions of type 'forward', you must specify the following fields: 'TargetGroupArn'",
                Action.builder().type("forward").build());
    }

    @Test
    void a_list_of_actions_has_one_that_answers_and_it_is_the_last() {
        refused(InvalidLoadBalancerActionException.class, "Exactly one action of type 'forward', 'redirect' or 'fixed-response'", ordered(say("a"), 1),
                ordered(say("b"), 2));
        refused(InvalidLoadBalancerActionException.class, "it must be the last", Action.builder().type("authenticate-oidc").order(1).build());
        refused(ElasticLoadBalancingV2Exception.class, "The order of each action must be specified and unique", say("a"), say("b"));
        refused(InvalidLoadBalancerActionException.class, "Actions of type 'authenticate-oidc' are supported only on HTTPS listeners",
                ordered(say("b"), 2), Action.builder().type("authenticate-oidc").order(1).build());
    }

    private static Action ordered(Action action, int order) {
        return action.copy(b -> b.order(order));
    }

    private void refused(Class<? extends Exception> type, String message, Action... actions) {
        assertThatThrownBy(() -> rule(r -> r.conditions(path("/a")).actions(actions))).isInstanceOf(type).hasMessageContaining(message);
    }

    private static RuleTransform url(String regex, String replace) {
        return RuleTransform.builder().type("url-rewrite").urlRewriteConfig(c -> c.rewrites(w -> w.regex(regex).replace(replace))).build();
    }

    private static RuleTransform host(String regex, String replace) {
        return RuleTransform.builder().type("host-header-rewrite").hostHeaderRewriteConfig(c -> c.rewrites(w -> w.regex(regex).replace(replace)))
                .build();
    }

    @Test
    void transforms_stay_until_they_are_replaced_or_reset() {
        TargetGroup group = world.group("blue");
        Rule rule = rule(r -> r.conditions(path("/a")).actions(forward(group)).transforms(url("^/a", "/b"), host(".*", "b.test")));
        assertThat(rule.transforms()).containsExactly(url("^/a", "/b"), host(".*", "b.test"));

        assertThat(modified(rule, r -> r.conditions(path("/c"))).transforms()).hasSize(2);
        assertThat(modified(rule, r -> r.transforms(url("^/c", "/d"))).transforms()).containsExactly(url("^/c", "/d"));
        validation(() -> modified(rule, r -> r.transforms(url("^/c", "/d")).resetTransforms(true)),
                "You cannot provide both Transforms and ResetTransforms");
        validation(() -> modified(rule, r -> { }), "Either conditions or actions must be specified");
        assertThat(modified(rule, r -> r.resetTransforms(true)).transforms()).isEmpty();
    }

    private Rule modified(Rule rule, Consumer<ModifyRuleRequest.Builder> settings) {
        return world.call(e -> e.modifyRule(r -> settings.accept(r.ruleArn(rule.ruleArn())))).rules().getFirst();
    }

    @Test
    void impossible_transforms_are_refused() {
        TargetGroup group = world.group("blue");
        transforming(group, "A rule can only have one 'url-rewrite' transform", url("^/a", "/b"), url("^/b", "/c"));
        transforming(group, "must have exactly one rewrite", RuleTransform.builder().type("url-rewrite").build());
        transforming(group, "You cannot provide 'HostHeaderRewriteConfig' for a transform of type 'url-rewrite'",
                url("^/a", "/b").copy(b -> b.hostHeaderRewriteConfig(h -> h.rewrites(w -> w.regex("a").replace("b")))));
        transforming(group, "Transform type 'header-rewrite' must be one of", RuleTransform.builder().type("header-rewrite").build());
        transforming(group, "The regular expression '(a' is not valid", url("(a", "/b"));
        transforming(group, "cannot be longer than '1024' characters", url("a".repeat(1025), "/b"));
        assertThatThrownBy(() -> rule(r -> r.conditions(path("/a")).transforms(url("^/a", "/b")))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> modified(defaultRule(), r -> r.transforms(url("^/a", "/b")))).isInstanceOf(OperationNotPermittedException.class);
    }

    private void transforming(TargetGroup group, String message, RuleTransform... transforms) {
        validation(() -> rule(r -> r.conditions(path("/a")).actions(forward(group)).transforms(transforms)), message);
    }

    private Rule defaultRule() {
        return world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()))).rules().getLast();
    }

    @Test
    void a_load_balancer_has_a_hundred_rules_and_five_groups_per_action_at_most() {
        Listener other = world.listener(balancer, freePort(), say("other"));
        IntStream.rangeClosed(1, 100).forEach(i -> world.call(e -> e.createRule(r -> r.listenerArn(i % 2 == 0 ? listener.listenerArn()
                : other.listenerArn()).priority(100 + i).conditions(path("/" + i)).actions(say("x")))));
        assertThatThrownBy(() -> rule(path("/one-more"))).isInstanceOf(TooManyRulesException.class);

        List<TargetGroupTuple> groups = IntStream.range(0, 6).mapToObj(i -> TargetGroupTuple.builder().targetGroupArn(world.group("g" + i)
                .targetGroupArn()).weight(1).build()).toList();
        assertThatThrownBy(() -> world.listener(balancer, freePort(), Action.builder().type("forward").forwardConfig(f -> f.targetGroups(groups))
                .build())).isInstanceOf(TooManyTargetGroupsException.class);
    }

    @Test
    void rules_are_shown_page_by_page_in_their_order() {
        IntStream.rangeClosed(1, 5).forEach(i -> rule(r -> r.priority(60 - i * 10).conditions(path("/" + i))));
        DescribeRulesResponse first = world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()).pageSize(4)));
        assertThat(first.rules()).extracting(Rule::priority).containsExactly("10", "20", "30", "40");
        assertThat(world.call(e -> e.describeRules(r -> r.listenerArn(listener.listenerArn()).pageSize(4).marker(first.nextMarker()))).rules())
                .extracting(Rule::priority).containsExactly("50", "default");
    }

    private static void validation(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ElasticLoadBalancingV2Exception.class).hasMessageContaining(message)
                .satisfies(e -> assertThat(((AwsServiceException) e).awsErrorDetails().errorCode()).isEqualTo("ValidationError"));
    }
}
