package dev.viridian.services.elbv2;

import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import dev.viridian.proxy.Proxy;
import dev.viridian.proxy.health.TargetHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthReasonEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TooManyTargetsException;

/// Who is registered with a group, and how they are. Health is what the proxy finds out by asking; it is never stored, so it cannot be stale.
///
/// A deregistered target stays as a draining row until the proxy has ended its last request or its deregistration delay is over.
final class Targets {
    static final String KIND = "elbv2.draining";
    private static final int MOST = 1000;
    private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{8,17}");
    /// How often, in real time, a draining target is looked at.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Rows rows;
    private final Vpcs vpcs;
    private final TargetGroups groups;
    private final Proxy proxy;
    private final Work work;
    private final Time time;

    Targets(Rows rows, Vpcs vpcs, TargetGroups groups, Proxy proxy, Work work, Time time) {
        this.rows = rows;
        this.vpcs = vpcs;
        this.groups = groups;
        this.proxy = proxy;
        this.work = work;
        this.time = time;
        work.handle(KIND, this::drain);
    }

    /// Everything that can be refused is refused before anything is registered. Asks EC2, so not inside a transaction.
    List<RegisteredTarget> resolved(String groupArn, List<TargetDescription> wanted) {
        TargetGroup group = rows.targetGroup(groupArn);
        return wanted.stream().map(target -> resolved(group, target)).toList();
    }

    private RegisteredTarget resolved(TargetGroup group, TargetDescription target) {
        if (group.targetType() == TargetTypeEnum.ALB) {
            return BalancerTargets.resolved(rows, group, target, time.now());
        }
        if (group.targetType() == TargetTypeEnum.LAMBDA) {
            return LambdaTargets.resolved(group, target, time.now());
        }
        boolean ip = group.targetType() == TargetTypeEnum.IP;
        Refusals.require(!ip || Addresses.isLiteral(target.id()), "The IP address '" + target.id() + "' is not a valid IPv4 or IPv6 address");
        if (!ip && !INSTANCE.matcher(target.id()).matches()) {
            throw InvalidTargetException.builder().message("The instance IDs '" + target.id() + "' are not valid").build();
        }
        String address = ip ? target.id() : vpcs.addressOf(target.id());
        return new RegisteredTarget(group.targetGroupArn(), target.id(), address, port(group, target),
                target.availabilityZone() == null ? "" : target.availabilityZone(), time.now(), Optional.empty());
    }

    /// Registering a draining target takes it back.
    void register(String groupArn, List<RegisteredTarget> wanted) {
        wanted.forEach(target -> {
            String key = Rows.targetKey(groupArn, target.id(), target.port());
            RegisteredTarget old = rows.targets().find(key).orElse(null);
            if (old == null || old.draining()) {
                rows.targets().put(key, target);
                work.cancel(KIND, key);
            }
        });
        TargetTypeEnum type = rows.targetGroup(groupArn).targetType();
        boolean single = type == TargetTypeEnum.ALB || type == TargetTypeEnum.LAMBDA;
        if (rows.targetsOf(groupArn).stream().filter(target -> !target.draining()).count() > (single ? 1 : MOST)) {
            throw TooManyTargetsException.builder().message("The maximum number of targets per target group has been reached").build();
        }
    }

    /// Without a port the one on the group's port leaves. What is not registered is as good as gone; what can be no target of the group at all is
    /// refused, and then nothing leaves.
    void deregister(String groupArn, List<TargetDescription> gone) {
        Duration delay = Duration.ofSeconds(Long.parseLong(groups.attributes(groupArn).getOrDefault("deregistration_delay.timeout_seconds",
                Routing.FUNCTION_DELAY_SECONDS)));
        boolean used = !rows.usersOf(groupArn).isEmpty();
        TargetGroup group = rows.targetGroup(groupArn);
        gone.forEach(target -> refuseMalformed(group, target.id()));
        gone.forEach(target -> rows.targets().find(Rows.targetKey(groupArn, target.id(), port(group, target))).filter(each -> !each.draining())
                .ifPresent(each -> leave(each, used, delay)));
    }

    private static void refuseMalformed(TargetGroup group, String id) {
        boolean wellFormed = switch (group.targetType()) {
            case IP -> Addresses.isLiteral(id);
            case ALB -> ArnKind.LOAD_BALANCER.matches(id);
            case LAMBDA -> LambdaTargets.isFunction(id);
            default -> INSTANCE.matcher(id).matches();
        };
        if (!wellFormed) {
            // A guess after what RegisterTargets says of instances.
            throw InvalidTargetException.builder().message("The target IDs '" + id + "' are not valid").build();
        }
    }

    private static int port(TargetGroup group, TargetDescription target) {
        if (group.targetType() == TargetTypeEnum.LAMBDA) {
            return RegisteredTarget.NO_PORT;
        }
        return target.port() == null ? group.port() : target.port();
    }

    private void leave(RegisteredTarget target, boolean used, Duration delay) {
        String key = Rows.targetKey(target.groupArn(), target.id(), target.port());
        if (!used) {
            rows.targets().delete(key);
            return;
        }
        rows.targets().put(key, target.drainUntil(time.deadline(delay)));
        work.wake(KIND, key);
    }

    private Next drain(String key) {
        RegisteredTarget target = rows.targets().find(key).orElse(null);
        if (target == null || !target.draining()) {
            return Next.done();
        }
        Instant deadline = target.drainedBy().orElseThrow();
        boolean gone = proxy.health(target.groupArn()).stream().noneMatch(health -> isOf(health, target));
        if (gone || !deadline.isAfter(time.now())) {
            rows.targets().delete(key);
            return Next.done();
        }
        Instant next = time.now().plus(LOOK);
        return Next.at(next.isBefore(deadline) ? next : deadline);
    }

    private static boolean isOf(TargetHealth health, RegisteredTarget target) {
        return health.target().id().equals(target.id()) && (target.ofBalancer() || health.target().port() == target.port());
    }

    List<TargetHealthDescription> health(DescribeTargetHealthRequest request) {
        TargetGroup group = rows.targetGroup(request.targetGroupArn());
        List<RegisteredTarget> registered = rows.targetsOf(request.targetGroupArn());
        List<TargetHealth> found = proxy.health(request.targetGroupArn());
        if (!request.hasTargets() || request.targets().isEmpty()) {
            return registered.stream().map(target -> described(group, target, found)).toList();
        }
        return request.targets().stream().map(asked -> {
            int port = port(group, asked);
            return registered.stream().filter(target -> target.id().equals(asked.id()) && target.port() == port).findFirst()
                    .map(target -> described(group, target, found)).orElseGet(() -> notRegistered(asked, port));
        }).toList();
    }

    private static TargetHealthDescription described(TargetGroup group, RegisteredTarget target, List<TargetHealth> found) {
        var health = target.draining() ? health(TargetHealthStateEnum.DRAINING, TargetHealthReasonEnum.TARGET_DEREGISTRATION_IN_PROGRESS,
                "Target deregistration is in progress")
                : found.stream().filter(each -> isOf(each, target)).findFirst().map(Targets::health)
                        .orElseGet(() -> health(TargetHealthStateEnum.INITIAL, TargetHealthReasonEnum.ELB_REGISTRATION_IN_PROGRESS,
                        "Target registration is in progress"));
        String checked = "traffic-port".equals(group.healthCheckPort()) ? Integer.toString(target.port()) : group.healthCheckPort();
        return TargetHealthDescription.builder()
                .target(t -> t.id(target.id()).port(target.ofFunction() ? null : target.port()).availabilityZone(target.zone().isEmpty() ? null : target.zone()))
                .healthCheckPort(checked).targetHealth(health)
                .administrativeOverride(o -> o.state("no_override").reason("AdministrativeOverride.NoOverride")
                .description("No override is currently active on target")).build();
    }

    private static TargetHealthDescription notRegistered(TargetDescription asked, int port) {
        return TargetHealthDescription.builder().target(asked.copy(b -> b.port(port == RegisteredTarget.NO_PORT ? null : port)))
                .targetHealth(health(TargetHealthStateEnum.UNUSED, TargetHealthReasonEnum.TARGET_NOT_REGISTERED,
                "Target is not registered to the target group")).build();
    }

    private static software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth health(TargetHealth health) {
        TargetHealthStateEnum state = switch (health.state()) {
            case INITIAL -> TargetHealthStateEnum.INITIAL;
            case HEALTHY -> TargetHealthStateEnum.HEALTHY;
            case UNHEALTHY -> TargetHealthStateEnum.UNHEALTHY;
            case UNHEALTHY_DRAINING -> TargetHealthStateEnum.UNHEALTHY_DRAINING;
            case UNUSED -> TargetHealthStateEnum.UNUSED;
            case DRAINING -> TargetHealthStateEnum.DRAINING;
            case UNAVAILABLE -> TargetHealthStateEnum.UNAVAILABLE;
        };
        TargetHealthReasonEnum reason = switch (health.reason()) {
            case NONE -> null;
            case REGISTRATION_IN_PROGRESS -> TargetHealthReasonEnum.ELB_REGISTRATION_IN_PROGRESS;
            case INITIAL_CHECKING -> TargetHealthReasonEnum.ELB_INITIAL_HEALTH_CHECKING;
            case RESPONSE_CODE_MISMATCH -> TargetHealthReasonEnum.TARGET_RESPONSE_CODE_MISMATCH;
            case TIMEOUT -> TargetHealthReasonEnum.TARGET_TIMEOUT;
            case FAILED_CHECKS -> TargetHealthReasonEnum.TARGET_FAILED_HEALTH_CHECKS;
            case INTERNAL_ERROR -> TargetHealthReasonEnum.ELB_INTERNAL_ERROR;
            case NOT_REGISTERED -> TargetHealthReasonEnum.TARGET_NOT_REGISTERED;
            case NOT_IN_USE -> TargetHealthReasonEnum.TARGET_NOT_IN_USE;
            case DEREGISTRATION_IN_PROGRESS -> TargetHealthReasonEnum.TARGET_DEREGISTRATION_IN_PROGRESS;
            case CHECKS_DISABLED -> TargetHealthReasonEnum.TARGET_HEALTH_CHECK_DISABLED;
        };
        return health(state, reason, health.description().isEmpty() ? null : health.description());
    }

    private static software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth health(TargetHealthStateEnum state,
            @Nullable TargetHealthReasonEnum reason,
            @Nullable String description) {
        return software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth.builder().state(state).reason(reason)
                .description(description).build();
    }

}
