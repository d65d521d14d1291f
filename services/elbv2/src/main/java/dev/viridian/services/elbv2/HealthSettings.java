package dev.viridian.services.elbv2;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/// The health check of a target group: defaults by protocol, and what may be combined.
///
/// Source: Elastic Load Balancing API, CreateTargetGroup; user guide "Health checks for Application Load Balancer target groups".
final class HealthSettings {
    private static final Pattern CODES = Pattern.compile("\\d{3}(-\\d{3})?(,\\s*\\d{3}(-\\d{3})?)*");

    private static final Pattern GRPC_CODES = Pattern.compile("\\d{1,2}(-\\d{1,2})?(,\\s*\\d{1,2}(-\\d{1,2})?)*");

    private HealthSettings() {}

    /// Fills what the user left out and refuses what contradicts itself.
    static TargetGroup completed(TargetGroup group) {
        if (group.targetType() == TargetTypeEnum.LAMBDA && group.protocol() == null) {
            return ofFunction(group);
        }
        boolean ofRequests = isHttp(group.protocol()) || group.targetType() == TargetTypeEnum.ALB;
        ProtocolEnum checks = group.healthCheckProtocol() != null ? group.healthCheckProtocol() : ofRequests ? ProtocolEnum.HTTP : ProtocolEnum.TCP;
        boolean http = isHttp(checks);
        Refusals.require(http || checks == ProtocolEnum.TCP && !ofRequests,
                "Health check protocol '" + checks + "' is not supported for target groups with the protocol '" + group.protocolAsString() + "'");
        Refusals.require(http || group.healthCheckPath() == null, "Health check path is not supported for TCP health checks");
        TargetGroup full = group.copy(b -> b.healthCheckProtocol(checks)
                .healthCheckEnabled(group.healthCheckEnabled() == null || group.healthCheckEnabled())
                .healthCheckPort(group.healthCheckPort() == null ? "traffic-port" : group.healthCheckPort())
                .healthCheckPath(http && group.healthCheckPath() == null ? standardPath(group) : group.healthCheckPath())
                .healthCheckIntervalSeconds(or(group.healthCheckIntervalSeconds(), 30))
                .healthCheckTimeoutSeconds(or(group.healthCheckTimeoutSeconds(), isHttp(group.protocol()) ? 5 : http ? 6 : 10))
                .healthyThresholdCount(or(group.healthyThresholdCount(), 5)).unhealthyThresholdCount(or(group.unhealthyThresholdCount(), 2))
                .matcher(http ? matcher(group) : group.matcher()));
        check(full, http);
        return full;
    }

    /// Checked by requests as well, but only if somebody wants that, because each one is an invocation that is paid for.
    private static TargetGroup ofFunction(TargetGroup group) {
        // The rule is AWS's, the wording is ours.
        Refusals.require(group.healthCheckProtocol() == null && group.healthCheckPort() == null,
                "A health check protocol or port cannot be specified for target groups with the target type 'lambda'");
        TargetGroup checked = completed(group.copy(b -> b.protocol(ProtocolEnum.HTTP)
                .healthCheckEnabled(Boolean.TRUE.equals(group.healthCheckEnabled()))
                .healthCheckIntervalSeconds(or(group.healthCheckIntervalSeconds(), 35))
                .healthCheckTimeoutSeconds(or(group.healthCheckTimeoutSeconds(), 30))));
        return checked.copy(b -> b.protocol((ProtocolEnum) null).healthCheckProtocol((ProtocolEnum) null).healthCheckPort(null));
    }

    private static boolean isGrpc(TargetGroup group) {
        return "GRPC".equals(group.protocolVersion());
    }

    private static String standardPath(TargetGroup group) {
        return isGrpc(group) ? "/AWS.ALB/healthcheck" : "/";
    }

    private static Matcher matcher(TargetGroup group) {
        if (group.matcher() != null && (group.matcher().httpCode() != null || group.matcher().grpcCode() != null)) {
            return group.matcher();
        }
        if (isGrpc(group)) {
            return Matcher.builder().grpcCode("12").build();
        }
        return Matcher.builder().httpCode(isHttp(group.protocol()) ? "200" : "200-399").build();
    }

    private static void check(TargetGroup group, boolean http) {
        Refusals.require(group.healthCheckEnabled() || !java.util.Set.of("instance", "ip", "alb").contains(group.targetTypeAsString()),
                "Health check enabled must be true for target groups with target type '" + group.targetTypeAsString() + "'");
        between("Health check interval", group.healthCheckIntervalSeconds(), 5, 300);
        between("Health check timeout", group.healthCheckTimeoutSeconds(), 2, 120);
        between("Healthy threshold count", group.healthyThresholdCount(), 2, 10);
        between("Unhealthy threshold count", group.unhealthyThresholdCount(), 2, 10);
        int timeout = group.healthCheckTimeoutSeconds();
        int interval = group.healthCheckIntervalSeconds();
        Refusals.require(http ? timeout < interval : timeout <= interval,
                "Health check timeout '" + timeout + "' must be smaller than " + (http ? "" : "or equal to ") + "the interval '" + interval + "'");
        Refusals.require(group.healthCheckPort().equals("traffic-port") || group.healthCheckPort().matches("\\d{1,5}")
                && Integer.parseInt(group.healthCheckPort()) >= 1
                && Integer.parseInt(group.healthCheckPort()) <= 65_535,
                "Health check port '" + group.healthCheckPort() + "' must be 'traffic-port' or between '1-65535'");
        if (http) {
            Refusals.require(group.healthCheckPath().startsWith("/"), "Health check path '" + group.healthCheckPath()
                    + "' must begin with a '/' character");
            checkMatcher(group);
        }
    }

    private static void checkMatcher(TargetGroup group) {
        if (isGrpc(group)) {
            checkGrpcCodes(group.matcher().grpcCode());
            return;
        }
        String codes = group.matcher().httpCode();
        Refusals.require(codes != null, "Health check matcher HTTP code cannot be empty");
        boolean valid = CODES.matcher(codes).matches() && Routing.ranges(codes).stream().allMatch(range -> range.from() >= 200
                && range.to() <= (isHttp(group.protocol()) ? 499 : 599) && range.from() <= range.to());
        if (!valid) {
            throw dev.viridian.aws.AwsErrors.of(InvalidConfigurationRequestException.builder(), "InvalidParameterValue", 400,
                    "HttpCode must be like 200 | 200-399 | 200,201 and within 200-" + (isHttp(group.protocol()) ? "499" : "599") + ", got '" + codes
                    + "'");
        }
    }

    /// Wordings: the second has been seen; the first is a guess after the one for HTTP.
    private static void checkGrpcCodes(@Nullable String codes) {
        Refusals.require(codes != null, "Health check matcher GRPC code cannot be empty");
        Refusals.require(GRPC_CODES.matcher(codes).matches() && Routing.ranges(codes).stream().allMatch(range -> range.from() <= range.to()),
                "Health check matcher GRPC code '" + codes + "' must be within '0-99' inclusive");
    }

    private static void between(String what, int value, int least, int most) {
        Refusals.require(value >= least && value <= most, what + " '" + value + "' must be between '" + least + "-" + most + "' inclusive");
    }

    static boolean isHttp(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.HTTP || protocol == ProtocolEnum.HTTPS;
    }

    private static int or(@Nullable Integer given, int standard) {
        return given == null ? standard : given;
    }
}
