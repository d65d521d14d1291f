package dev.viridian.services.elbv2;

import static dev.viridian.services.elbv2.World.forward;
import static dev.viridian.services.elbv2.World.freePort;
import static dev.viridian.services.elbv2.World.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.viridian.engine.time.VirtualTime;
import dev.viridian.proxy.routing.HeaderEdits;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Attributes of load balancers, listeners and target groups: each acts, or is refused.
class AttributesTest {
    private static final String RESPONSE = "routing.http.response.";

    private final World world = new World(new VirtualTime(), Runnable::run);
    private final LoadBalancer balancer = world.balancer("web");
    private final TargetGroup group = world.group("blue");

    @AfterEach
    void close() {
        world.close();
    }

    private void balancer(String key, String value) {
        world.call(e -> e.modifyLoadBalancerAttributes(r -> r.loadBalancerArn(balancer.loadBalancerArn()).attributes(a -> a.key(key).value(value))));
    }

    private Map<String, String> group(String... pairs) {
        Map<String, String> shown = new TreeMap<>();
        world.call(e -> e.modifyTargetGroupAttributes(r -> r.targetGroupArn(group.targetGroupArn()).attributes(java.util.stream.IntStream
                .range(0, pairs.length / 2).mapToObj(i -> TargetGroupAttribute.builder().key(pairs[2 * i]).value(pairs[2 * i + 1]).build()).toList())))
                .attributes().forEach(attribute -> shown.put(attribute.key(), attribute.value()));
        return shown;
    }

    private static Map<String, String> shown(World world, Listener listener) {
        Map<String, String> shown = new TreeMap<>();
        world.call(e -> e.describeListenerAttributes(r -> r.listenerArn(listener.listenerArn()))).attributes()
                .forEach(attribute -> shown.put(attribute.key(), attribute.value()));
        return shown;
    }

    private void listener(Listener listener, String key, String value) {
        world.call(e -> e.modifyListenerAttributes(r -> r.listenerArn(listener.listenerArn()).attributes(a -> a.key(key).value(value))));
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                       | x     | Load balancer attribute key 'nonsense' is not recognized
            deletion_protection.enabled                    | yes   | The value of 'deletion_protection.enabled' must be 'true' or 'false', but was 'yes'
            load_balancing.cross_zone.enabled              | false | The value for 'load_balancing.cross_zone.enabled' must always be 'true' for an Application Load Balancer
            idle_timeout.timeout_seconds                   | 0     | 'idle_timeout.timeout_seconds' value '0' must be between '1-4000' inclusive
            client_keep_alive.seconds                      | 59    | 'client_keep_alive.seconds' value '59' must be between '60-604800' inclusive
            routing.http.desync_mitigation_mode            | lax   | must be one of 'defensive, monitor, strictest'
            routing.http.xff_header_processing.mode        | keep  | must be one of 'append, preserve, remove'
            """, quoteCharacter = '`')
    void values_of_load_balancers_that_cannot_be_are_refused(String key, String value, String message) {
        validation(() -> balancer(key, value), message);
    }

    @ParameterizedTest
    @CsvSource({"ipv6.deny_all_igw_traffic", "waf.fail_open.enabled", "zonal_shift.config.enabled"})
    void what_nothing_here_would_act_upon_is_not_implemented(String key) {
        assertThatThrownBy(() -> balancer(key, "true")).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining(key);
        balancer(key, "false");
    }

    @Test
    void a_key_may_come_once() {
        validation(() -> group("stickiness.enabled", "true", "stickiness.enabled", "false"),
                "Attribute key 'stickiness.enabled' has been specified more than once");
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                                                       | x      | Target group attribute key 'nonsense' is not recognized
            stickiness.lb_cookie.duration_seconds                                          | 604801 | must be between '1-604800' inclusive
            stickiness.app_cookie.cookie_name                                              | AWSALBAPP-x | a cookie name that does not begin with AWSALB
            stickiness.app_cookie.cookie_name                                              | a b    | a cookie name
            slow_start.duration_seconds                                                    | 29     | must be 0 or between '30-900' inclusive
            target_group_health.unhealthy_state_routing.minimum_healthy_targets.count      | 0      | must be between
            target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage | 101    | must be 'off' or between '1-100' inclusive
            load_balancing.algorithm.type                                                  | best   | must be one of 'round_robin, least_outstanding_requests, weighted_random'
            """)
    void values_of_target_groups_that_cannot_be_are_refused(String key, String value, String message) {
        validation(() -> group(key, value), message);
    }

    @Test
    void what_does_not_go_together_in_a_target_group_is_refused() {
        configuration(() -> group("slow_start.duration_seconds", "30", "load_balancing.algorithm.type", "weighted_random"),
                "You cannot enable both slow start and weighted random algorithm on a target group");
        configuration(() -> group("slow_start.duration_seconds", "30", "load_balancing.algorithm.type", "least_outstanding_requests"),
                "You cannot enable both slow start and least outstanding requests algorithm on a target group");
        group("stickiness.enabled", "true");
        configuration(() -> group("load_balancing.algorithm.type", "weighted_random"),
                "You cannot have both stickiness and weighted random algorithm enabled on the same target group.");
        configuration(() -> group("stickiness.type", "source_ip"), "Stickiness type 'source_ip' is not supported for target groups with the HTTP protocol");
        validation(() -> group("stickiness.type", "app_cookie"), "'stickiness.app_cookie.cookie_name' must be specified");
        assertThat(group("stickiness.type", "app_cookie", "stickiness.app_cookie.cookie_name", "SESSION"))
                .containsEntry("stickiness.app_cookie.cookie_name", "SESSION").containsEntry("stickiness.app_cookie.duration_seconds", "86400")
                .containsEntry("slow_start.duration_seconds", "0");
    }

    @Test
    void a_listeners_attributes_have_aws_defaults() {
        assertThat(shown(world, world.listener(balancer, freePort(), say("x"))))
                .containsEntry(RESPONSE + "server.enabled", "true").containsEntry(RESPONSE + "strict_transport_security.header_value", "")
                .hasSize(11);
        Map<String, String> secure = Attribute.complete(HeaderAttributes.HTTPS, Map.of());
        assertThat(secure).hasSize(19).containsEntry("routing.http.request.x_amzn_tls_version.header_name", "X-Amzn-Tls-Version")
                .containsEntry("routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name", "X-Amzn-Mtls-Clientcert-Serial-Number");
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            strict_transport_security.header_value        | max-age=60; includeSubDomains | -
            access_control_allow_origin.header_value      | *             | -
            access_control_allow_methods.header_value     | GET, POST     | -
            access_control_allow_methods.header_value     | GET,FETCH     | contains invalid characters
            access_control_allow_headers.header_value     | X-A,Content-Type | -
            access_control_allow_headers.header_value     | X A           | contains invalid characters
            access_control_allow_credentials.header_value | true          | -
            access_control_allow_credentials.header_value | false         | contains invalid characters
            access_control_expose_headers.header_value    | *             | -
            access_control_max_age.header_value           | 86400         | -
            access_control_max_age.header_value           | 86401         | contains invalid characters
            content_security_policy.header_value          | default-src 'self' | -
            x_content_type_options.header_value           | nosniff       | -
            x_content_type_options.header_value           | sniff         | contains invalid characters
            x_frame_options.header_value                  | SAMEORIGIN    | -
            x_frame_options.header_value                  | ALLOW-FROM x  | contains invalid characters
            server.enabled                                | false         | -
            server.enabled                                | no            | must be 'true' or 'false'
            nonsense.header_value                         | x             | is not recognized
            """)
    void headers_of_answers_are_checked_and_shown_again(String part, String value, String refusal) {
        Listener listener = world.listener(balancer, freePort(), say("x"));
        if (refusal == null) {
            listener(listener, RESPONSE + part, value);
            assertThat(shown(world, listener)).containsEntry(RESPONSE + part, value);
        } else {
            validation(() -> listener(listener, RESPONSE + part, value), refusal);
        }
    }

    @Test
    void a_line_end_never_gets_into_a_header() {
        Listener listener = world.listener(balancer, freePort(), say("x"));
        validation(() -> listener(listener, RESPONSE + "content_security_policy.header_value", "a\r\nX-Evil: 1"), "contains invalid characters");
        validation(() -> listener(listener, "routing.http.request.x_amzn_tls_version.header_name", "X-Version"), "is not recognized");
    }

    @Test
    void names_of_headers_about_certificates_of_clients_cannot_change_because_nobody_asks_for_those() {
        Map<String, String> renamed = Map.of("routing.http.request.x_amzn_mtls_clientcert.header_name", "X-Cert");
        assertThatThrownBy(() -> Attribute.checked("Listener", HeaderAttributes.HTTPS, renamed)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void attributes_become_what_the_listener_writes() {
        Map<String, String> set = Map.of("routing.http.request.x_amzn_tls_version.header_name", "X-V", RESPONSE + "server.enabled", "false",
                RESPONSE + "x_frame_options.header_value", "DENY", RESPONSE + "access_control_max_age.header_value", "5");
        HeaderEdits edits = HeaderAttributes.edits(Attribute.complete(HeaderAttributes.HTTPS, set), true);
        assertThat(edits.tls()).hasValue(new HeaderEdits.TlsNames("X-V", "X-Amzn-Tls-Cipher-Suite"));
        assertThat(edits.namesServer()).isFalse();
        assertThat(edits.answers()).containsExactly(new HeaderEdits.Field("Access-Control-Max-Age", "5"), new HeaderEdits.Field("X-Frame-Options", "DENY"));
        assertThat(HeaderAttributes.edits(Attribute.complete(HeaderAttributes.HTTPS, Map.of()), false)).isEqualTo(HeaderEdits.NONE);
    }

    @Test
    void attributes_of_a_listener_go_with_it() {
        Listener listener = world.listener(balancer, freePort(), forward(group));
        listener(listener, RESPONSE + "x_frame_options.header_value", "DENY");
        world.call(e -> e.deleteListener(r -> r.listenerArn(listener.listenerArn())));
        assertThatThrownBy(() -> shown(world, listener)).isInstanceOf(ListenerNotFoundException.class);
    }

    private static void configuration(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InvalidConfigurationRequestException.class).hasMessageContaining(message);
    }

    private static void validation(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ElasticLoadBalancingV2Exception.class).hasMessageContaining(message)
                .satisfies(e -> assertThat(((AwsServiceException) e).awsErrorDetails().errorCode()).isEqualTo("ValidationError"));
    }
}
