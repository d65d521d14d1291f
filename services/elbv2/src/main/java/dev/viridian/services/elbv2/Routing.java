package dev.viridian.services.elbv2;

import dev.viridian.engine.Decision;
import dev.viridian.proxy.routing.Action;
import dev.viridian.proxy.routing.Action.CookieStickiness;
import dev.viridian.proxy.routing.Condition;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.Listener;
import dev.viridian.proxy.routing.ListenerSettings;
import dev.viridian.proxy.routing.Rule;
import dev.viridian.proxy.routing.RoutingSnapshot;
import dev.viridian.proxy.routing.Target;
import dev.viridian.proxy.routing.TargetGroup;
import dev.viridian.proxy.routing.TlsIdentity;
import dev.viridian.services.elbv2.logs.LogDestination;
import dev.viridian.services.elbv2.logs.LogKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.FixedResponseActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RedirectActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RedirectActionStatusCodeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupStickinessConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// Compiles what is configured, in all accounts and regions, into what the proxy routes by. Equal tables make an equal snapshot.
@Decision
final class Routing {
    /// A function cannot be told how long it may take when it leaves; this is what other targets get if nobody says.
    static final String FUNCTION_DELAY_SECONDS = "300";
    private static final String GROUP_COOKIE = "AWSALBTG";
    /// Cannot be changed. Source: user guide "Network Load Balancers", connection idle timeout.
    private static final String TLS_IDLE_SECONDS = "350";

    /// Everything the snapshot is made of.
    ///
    /// @param attributes by ARN of a load balancer, listener or target group, complete with defaults
    /// @param certificates by ARN
    /// @param substitutes by ARN of a listener that is served on another port than its own: that port
    record Tables(List<LoadBalancer> loadBalancers, List<software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener> listeners,
                  List<software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule> rules,
                  List<software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup> groups, List<RegisteredTarget> targets,
                  Map<String, Map<String, String>> attributes, Map<String, TlsIdentity.Certificate> certificates,
                  Map<String, Integer> substitutes) {}

    private final Tables tables;
    private final String bindAddress;

    private Routing(Tables tables, String bindAddress) {
        this.tables = tables;
        this.bindAddress = bindAddress;
    }

    static RoutingSnapshot compile(Tables tables, String bindAddress) {
        Routing routing = new Routing(tables, bindAddress);
        // The oldest load balancer is asked for names nobody claims, so that a plain http://localhost keeps going where it went.
        List<LoadBalancer> oldestFirst = tables.loadBalancers().stream()
                .sorted(Comparator.comparing(LoadBalancer::createdTime).thenComparing(LoadBalancer::loadBalancerArn)).toList();
        List<Listener> listeners = oldestFirst.stream().flatMap(balancer -> tables.listeners().stream()
                .filter(listener -> listener.loadBalancerArn().equals(balancer.loadBalancerArn()))
                .map(listener -> routing.listener(balancer, listener))).toList();
        return new RoutingSnapshot(listeners, tables.groups().stream().map(routing::group).toList());
    }

    private Listener listener(LoadBalancer balancer, software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener listener) {
        String rulePrefix = listener.listenerArn().replace(":listener/", ":listener-rule/") + "/";
        List<Rule> rules = tables.rules().stream().filter(rule -> rule.ruleArn().startsWith(rulePrefix)).map(Routing::rule).toList();
        Optional<TlsIdentity> tls = listener.certificates().isEmpty() ? Optional.empty()
                : Optional.of(new TlsIdentity(listener.certificates().stream().distinct()
                .map(certificate -> tables.certificates().get(certificate.certificateArn())).toList(), SslPolicies.policy(listener.sslPolicy()),
                AlpnPolicies.offered(listener.alpnPolicy())));
        return new Listener(listener.listenerArn(), Listener.Protocol.valueOf(listener.protocolAsString()), List.of(bindAddress), listener.port(),
                BalancerTargets.namesOf(tables, balancer), rules, action(listener.defaultActions().getLast()), settings(balancer, listener), tls);
    }

    private ListenerSettings settings(LoadBalancer balancer, software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener listener) {
        if (balancer.type() != LoadBalancerTypeEnum.APPLICATION) {
            return ListenerSettings.DEFAULT.withIdleTimeout(seconds(tables.attributes().getOrDefault(listener.listenerArn(), Map.of())
                    .getOrDefault("tcp.idle_timeout.seconds", TLS_IDLE_SECONDS))).withLogging(logging(balancer));
        }
        Function<String, String> attribute = tables.attributes().get(balancer.loadBalancerArn())::get;
        return new ListenerSettings(seconds(attribute.apply("idle_timeout.timeout_seconds")), seconds(attribute.apply("client_keep_alive.seconds")),
                flag(attribute.apply("routing.http.preserve_host_header.enabled")),
                ListenerSettings.ForwardedFor.valueOf(attribute.apply("routing.http.xff_header_processing.mode").toUpperCase(java.util.Locale.ROOT)),
                flag(attribute.apply("routing.http.xff_client_port.enabled")),
                flag(attribute.apply("routing.http.drop_invalid_header_fields.enabled")),
                ListenerSettings.Strictness.valueOf(attribute.apply("routing.http.desync_mitigation_mode").toUpperCase(java.util.Locale.ROOT)),
                logging(balancer),
                HeaderAttributes.edits(tables.attributes().getOrDefault(listener.listenerArn(), Map.of()),
                        flag(attribute.apply("routing.http.x_amzn_tls_version_and_cipher_suite.enabled"))),
                flag(attribute.apply("routing.http2.enabled")));
    }

    private ListenerSettings.Logging logging(LoadBalancer balancer) {
        Map<String, String> attributes = tables.attributes().get(balancer.loadBalancerArn());
        return new ListenerSettings.Logging(LogDestination.isOn(LogKind.ACCESS, attributes), LogDestination.isOn(LogKind.CONNECTION, attributes),
                LogDestination.isOn(LogKind.HEALTH_CHECK, attributes));
    }

    private static Rule rule(software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule rule) {
        return new Rule(rule.ruleArn(), Integer.parseInt(rule.priority()), rule.conditions().stream().map(Routing::condition).toList(),
                action(rule.actions().getLast()), Transforms.rewrite(rule.transforms()));
    }

    static Condition condition(RuleCondition condition) {
        return switch (condition.field()) {
            case "host-header" -> new Condition.Host(condition.values(), condition.regexValues());
            case "path-pattern" -> new Condition.Path(condition.values().stream().map(value -> value.replace("&amp;", "&")).toList(),
                    condition.regexValues());
            case "http-header" -> new Condition.Header(condition.httpHeaderConfig().httpHeaderName(), condition.httpHeaderConfig().values(),
                    condition.httpHeaderConfig().regexValues());
            case "http-request-method" -> new Condition.Method(condition.httpRequestMethodConfig().values());
            case "query-string" -> new Condition.Query(condition.queryStringConfig().values().stream()
                    .map(pair -> new Condition.Query.Parameter(Optional.ofNullable(pair.key()).filter(key -> !key.isEmpty()), pair.value()))
                    .toList());
            case "source-ip" -> new Condition.SourceIp(condition.sourceIpConfig().values());
            default -> throw new IllegalStateException("CreateRule let through a condition on " + condition.field());
        };
    }

    static Action action(software.amazon.awssdk.services.elasticloadbalancingv2.model.Action action) {
        return switch (action.type()) {
            case FORWARD -> new Action.Forward(action.forwardConfig().targetGroups().stream()
                    .map(group -> new Action.Forward.WeightedGroup(group.targetGroupArn(), group.weight())).toList(),
                    stickiness(action.forwardConfig().targetGroupStickinessConfig()));
            case REDIRECT -> redirect(action.redirectConfig());
            case FIXED_RESPONSE -> fixed(action.fixedResponseConfig());
            default -> throw new IllegalStateException("CreateListener let through an action of type " + action.typeAsString());
        };
    }

    private static Optional<CookieStickiness> stickiness(TargetGroupStickinessConfig config) {
        return Boolean.TRUE.equals(config.enabled())
                ? Optional.of(new CookieStickiness(GROUP_COOKIE, Optional.of(GROUP_COOKIE + "CORS"), Duration.ofSeconds(config.durationSeconds())))
                : Optional.empty();
    }

    private static Action redirect(RedirectActionConfig config) {
        int status = config.statusCode() == RedirectActionStatusCodeEnum.HTTP_301 ? 301 : 302;
        return new Action.Redirect(status, config.protocol(), config.host(), config.port(), config.path(), config.query());
    }

    /// The character set is always named, as captures of ALB show.
    private static Action fixed(FixedResponseActionConfig config) {
        boolean typed = config.contentType() != null && !config.contentType().isEmpty();
        return new Action.FixedResponse(Integer.parseInt(config.statusCode()), (typed ? config.contentType() : "text/plain") + "; charset=utf-8",
                config.messageBody() == null ? "" : config.messageBody());
    }

    private TargetGroup group(software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
        Function<String, String> attribute = tables.attributes().get(group.targetGroupArn())::get;
        List<Target> targets = tables.targets().stream().filter(target -> target.groupArn().equals(group.targetGroupArn()) && !target.draining())
                .map(this::target).toList();
        if (group.targetType() == TargetTypeEnum.LAMBDA) {
            return TargetGroup.http(group.targetGroupArn(), check(group), targets).withDeregistrationDelay(seconds(FUNCTION_DELAY_SECONDS));
        }
        return new TargetGroup(group.targetGroupArn(), TargetGroup.Protocol.valueOf(group.protocolAsString()), version(group.protocolVersion()),
                targets, check(group),
                seconds(attribute.apply("deregistration_delay.timeout_seconds")),
                HealthSettings.isHttp(group.protocol()) ? seconds(attribute.apply("slow_start.duration_seconds")) : Duration.ZERO,
                HealthSettings.isHttp(group.protocol()) ? algorithm(attribute.apply("load_balancing.algorithm.type"))
                        : TargetGroup.Algorithm.ROUND_ROBIN,
                stickiness(attribute), HealthSettings.isHttp(group.protocol()) ? Flows.DEFAULT : flows(attribute)).withMinimum(minimum(attribute));
    }

    private Target target(RegisteredTarget target) {
        if (target.ofFunction()) {
            return Target.function(target.id());
        }
        return target.ofBalancer() ? new Target(target.id(), here(), BalancerTargets.port(tables, target))
                : new Target(target.id(), target.address(), target.port());
    }

    /// An address on which our own listeners are reached.
    private String here() {
        return switch (bindAddress) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> bindAddress;
        };
    }

    private static Flows flows(Function<String, String> attribute) {
        Duration grace = seconds(attribute.apply("target_health_state.unhealthy.draining_interval_seconds"));
        Flows.WhenUnhealthy policy = flag(attribute.apply("target_health_state.unhealthy.connection_termination.enabled"))
                ? new Flows.WhenUnhealthy.Cut()
                : grace.isZero() ? new Flows.WhenUnhealthy.Keep() : new Flows.WhenUnhealthy.Drain(grace);
        return new Flows(flag(attribute.apply("proxy_protocol_v2.enabled")),
                flag(attribute.apply("deregistration_delay.connection_termination.enabled")), policy);
    }

    private static TargetGroup.Minimum minimum(Function<String, String> attribute) {
        String prefix = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.";
        String percent = attribute.apply(prefix + "percentage");
        return new TargetGroup.Minimum(Integer.parseInt(attribute.apply(prefix + "count")), percent.equals("off") ? 0 : Integer.parseInt(percent));
    }

    private static TargetGroup.Version version(@Nullable String version) {
        return version == null ? TargetGroup.Version.HTTP1 : TargetGroup.Version.valueOf(version);
    }

    private static TargetGroup.Algorithm algorithm(String type) {
        return switch (type) {
            case "least_outstanding_requests" -> TargetGroup.Algorithm.LEAST_OUTSTANDING;
            case "weighted_random" -> TargetGroup.Algorithm.WEIGHTED_RANDOM;
            default -> TargetGroup.Algorithm.ROUND_ROBIN;
        };
    }

    private static TargetGroup.Stickiness stickiness(Function<String, String> attribute) {
        if (!flag(attribute.apply("stickiness.enabled"))) {
            return new TargetGroup.Stickiness.None();
        }
        if (attribute.apply("stickiness.type").equals("source_ip")) {
            return new TargetGroup.Stickiness.BySourceAddress();
        }
        if (attribute.apply("stickiness.type").equals("app_cookie")) {
            return new TargetGroup.Stickiness.ByApplicationCookie(attribute.apply("stickiness.app_cookie.cookie_name"),
                    new CookieStickiness("AWSALBAPP-0", Optional.empty(), seconds(attribute.apply("stickiness.app_cookie.duration_seconds"))));
        }
        return new TargetGroup.Stickiness.ByProxyCookie(
                new CookieStickiness("AWSALB", Optional.of("AWSALBCORS"), seconds(attribute.apply("stickiness.lb_cookie.duration_seconds"))));
    }

    private static HealthCheck check(software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup group) {
        boolean ofFunction = group.targetType() == TargetTypeEnum.LAMBDA;
        OptionalInt port = ofFunction || group.healthCheckPort().equals("traffic-port") ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(group.healthCheckPort()));
        HealthCheck.Protocol protocol = ofFunction ? HealthCheck.Protocol.HTTP : group.healthCheckProtocol() == ProtocolEnum.HTTP || group.healthCheckProtocol() == ProtocolEnum.HTTPS
                ? HealthCheck.Protocol.valueOf(group.healthCheckProtocolAsString()) : HealthCheck.Protocol.TCP;
        return new HealthCheck(group.healthCheckEnabled(), protocol, port, group.healthCheckPath() == null ? "/" : group.healthCheckPath(),
                Duration.ofSeconds(group.healthCheckIntervalSeconds()), Duration.ofSeconds(group.healthCheckTimeoutSeconds()),
                group.healthyThresholdCount(),
                group.unhealthyThresholdCount(), healthy(group.matcher()));
    }

    private static List<HealthCheck.StatusRange> healthy(@Nullable Matcher matcher) {
        String codes = matcher == null ? null : matcher.grpcCode() != null ? matcher.grpcCode() : matcher.httpCode();
        return codes == null ? List.of() : ranges(codes);
    }

    /// `200,202` or `200-399`.
    static List<HealthCheck.StatusRange> ranges(String codes) {
        return Arrays.stream(codes.split(",")).map(String::strip).map(part -> part.split("-"))
                .map(ends -> new HealthCheck.StatusRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))).toList();
    }

    private static Duration seconds(String value) {
        return Duration.ofSeconds(Long.parseLong(value));
    }

    private static boolean flag(String value) {
        return value.equals("true");
    }
}
