package dev.viridian.services.elbv2;

import dev.viridian.aws.shapes.Pages;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import dev.viridian.proxy.Proxy;
import dev.viridian.services.elbv2.logs.AccessLogs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Elastic Load Balancing: what is configured here is served by the proxy when the call returns.
public final class ElasticLoadBalancingV2 implements ElasticLoadBalancingV2Client {
    private static final int PAGE = 400;

    private final Store store;
    private final Rows rows;
    private final Tags tags;
    private final LoadBalancers loadBalancers;
    private final TargetGroups targetGroups;
    private final Listeners listeners;
    private final Rules rules;
    private final Actions actions;
    private final Targets targets;
    private final LiveRouting routing;
    private final Proxy proxy;
    private final Time time;
    private final TrafficMetrics traffic;
    private final BalancerLogs logs;

    /// @param work not yet started
    /// @param proxy serves; belongs to the caller, who closes it after this
    /// @param ec2 knows subnets, security groups and VPCs
    /// @param metrics gets the traffic of every configured minute, under `AWS/ApplicationELB` and `AWS/NetworkELB`
    public ElasticLoadBalancingV2(Store store, Work work, Time time, Proxy proxy, Ec2Client ec2, CloudWatchClient metrics,
            LoadBalancerOptions options) {
        this.store = store;
        this.proxy = proxy;
        this.time = time;
        this.rows = new Rows(store);
        this.tags = new Tags(store, rows);
        Vpcs vpcs = new Vpcs(ec2, options.instanceAddress());
        this.actions = new Actions(rows);
        this.loadBalancers = new LoadBalancers(rows, vpcs, tags, time);
        Optional<LambdaTargets> functions = options.functions().map(lambda -> new LambdaTargets(rows, lambda));
        functions.ifPresent(proxy::callFunctions);
        this.targetGroups = new TargetGroups(rows, vpcs, tags, functions.isPresent());
        this.listeners = new Listeners(rows, actions, tags, options.certificates());
        this.rules = new Rules(rows, actions, tags);
        this.targets = new Targets(rows, vpcs, targetGroups, proxy, work, time);
        this.routing = new LiveRouting(store, rows, proxy, options);
        this.traffic = new TrafficMetrics(rows, proxy, functions, metrics, time);
        this.logs = new BalancerLogs(options.logs().map(place -> new AccessLogs(store, work, time, proxy.logs(), place, options.bindAddress())));
    }

    /// Brings the proxy to what is configured and begins to report traffic. After construction, and again when the store was emptied beneath this.
    public ElasticLoadBalancingV2 start() {
        routing.apply();
        traffic.start();
        logs.start();
        return this;
    }

    /// Where every listener of every account is really reachable.
    public List<ListenerBinding> bindings() {
        return routing.bindings();
    }

    /// ARNs of the load balancers that show this certificate, of every account and region.
    public List<String> usersOfCertificate(String certificateArn) {
        return rows.usersOfCertificate(certificateArn);
    }

    /// What is under a certificate's ARN has changed, durably: listeners show it from their next connection on.
    public void certificateChanged(String certificateArn) {
        if (!rows.usersOfCertificate(certificateArn).isEmpty()) {
            routing.apply();
        }
    }

    /// What all load balancers of every account are doing.
    public Observed observed() {
        long now = time.nanos();
        return new Observed(now, new Observation(rows, bindings(), proxy.traffic(), proxy::health).balancers());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /// Stops reporting. The proxy goes on serving until its owner closes it.
    @Override
    public void close() {
        traffic.close();
        logs.close();
    }

    /// One transaction, and the proxy follows before this returns. What could not be compiled is not committed.
    private <R> R change(Supplier<R> body) {
        return store.transact(() -> {
            R result = body.get();
            routing.check();
            store.afterCommit(routing::apply);
            return result;
        });
    }

    private void change(Runnable body) {
        change(() -> {
            body.run();
            return true;
        });
    }

    private static <T> Pages.Page<T> page(List<T> all, Function<T, String> id, @Nullable String marker, @Nullable Integer size) {
        try {
            return Pages.of(all.stream().sorted(java.util.Comparator.comparing(id)).toList(), id, marker, size, PAGE);
        } catch (Pages.InvalidToken e) {
            throw Refusals.validation("The marker '" + marker + "' is not valid");
        }
    }

    @Override
    public CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest request) {
        return CreateLoadBalancerResponse.builder().loadBalancers(shown(change(() -> loadBalancers.create(request)))).build();
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest request) {
        Pages.Page<LoadBalancer> page = page(loadBalancers.find(request), LoadBalancer::loadBalancerArn, request.marker(), request.pageSize());
        return DescribeLoadBalancersResponse.builder().loadBalancers(page.items().stream().map(this::shown).toList()).nextMarker(page.nextToken())
                .build();
    }

    /// The state tells what became of the ports: AWS leaves the reason empty for load balancers that are well.
    private LoadBalancer shown(LoadBalancer balancer) {
        return balancer.copy(b -> b.state(routing.troubleOf(balancer.loadBalancerArn())
                .map(trouble -> LoadBalancerState.builder().code(trouble.port() == 0 ? LoadBalancerStateEnum.ACTIVE_IMPAIRED
                : LoadBalancerStateEnum.ACTIVE)
                        .reason(trouble.explanation()).build())
                .orElseGet(() -> LoadBalancerState.builder().code(LoadBalancerStateEnum.ACTIVE).build())));
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers() {
        return describeLoadBalancers(DescribeLoadBalancersRequest.builder().build());
    }

    @Override
    public DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest request) {
        change(() -> {
            loadBalancers.delete(request.loadBalancerArn());
            logs.forget(request.loadBalancerArn());
        });
        return DeleteLoadBalancerResponse.builder().build();
    }

    @Override
    public DescribeLoadBalancerAttributesResponse describeLoadBalancerAttributes(DescribeLoadBalancerAttributesRequest request) {
        return DescribeLoadBalancerAttributesResponse.builder().attributes(balancerAttributes(loadBalancers.attributes(request.loadBalancerArn())))
                .build();
    }

    @Override
    public ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(ModifyLoadBalancerAttributesRequest request) {
        String arn = request.loadBalancerArn();
        Map<String, String> wanted = loadBalancers.checked(arn, request.attributes());
        logs.check(rows.loadBalancer(arn), loadBalancers.attributes(arn), wanted);
        Map<String, String> changed = change(() -> {
            Map<String, String> complete = loadBalancers.modifyAttributes(arn, wanted);
            logs.follow(rows.loadBalancer(arn), complete);
            return complete;
        });
        return ModifyLoadBalancerAttributesResponse.builder().attributes(balancerAttributes(changed)).build();
    }

    private static List<LoadBalancerAttribute> balancerAttributes(Map<String, String> values) {
        return values.entrySet().stream().map(entry -> LoadBalancerAttribute.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
    }

    /// Nobody can reserve capacity here, so there is never any: Terraform asks this of every load balancer it reads.
    @Override
    public DescribeCapacityReservationResponse describeCapacityReservation(DescribeCapacityReservationRequest request) {
        rows.loadBalancer(request.loadBalancerArn());
        return DescribeCapacityReservationResponse.builder().build();
    }

    /// Giving up what was never reserved changes nothing. That AWS takes it so, and the wording of the refusal, are guesses.
    @Override
    public ModifyCapacityReservationResponse modifyCapacityReservation(ModifyCapacityReservationRequest request) {
        rows.loadBalancer(request.loadBalancerArn());
        if (request.minimumLoadBalancerCapacity() != null) {
            throw new UnsupportedOperationException("ModifyCapacityReservation with a minimum capacity: there is no capacity to reserve");
        }
        Refusals.require(Boolean.TRUE.equals(request.resetCapacityReservation()),
                "You must specify either a minimum load balancer capacity or a reset of the capacity reservation");
        return ModifyCapacityReservationResponse.builder().build();
    }

    @Override
    public SetSubnetsResponse setSubnets(SetSubnetsRequest request) {
        LoadBalancer changed = change(() -> loadBalancers.setSubnets(request));
        return SetSubnetsResponse.builder().availabilityZones(changed.availabilityZones()).ipAddressType(changed.ipAddressType()).build();
    }

    @Override
    public SetSecurityGroupsResponse setSecurityGroups(SetSecurityGroupsRequest request) {
        LoadBalancer changed = change(() -> loadBalancers.setSecurityGroups(request));
        return SetSecurityGroupsResponse.builder().securityGroupIds(changed.securityGroups()).build();
    }

    @Override
    public SetIpAddressTypeResponse setIpAddressType(SetIpAddressTypeRequest request) {
        LoadBalancer changed = change(() -> loadBalancers.setIpAddressType(request));
        return SetIpAddressTypeResponse.builder().ipAddressType(changed.ipAddressType()).build();
    }

    @Override
    public CreateTargetGroupResponse createTargetGroup(CreateTargetGroupRequest request) {
        return CreateTargetGroupResponse.builder().targetGroups(change(() -> targetGroups.create(request))).build();
    }

    @Override
    public ModifyTargetGroupResponse modifyTargetGroup(ModifyTargetGroupRequest request) {
        return ModifyTargetGroupResponse.builder().targetGroups(change(() -> targetGroups.modify(request))).build();
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        Pages.Page<TargetGroup> page = page(targetGroups.find(request), TargetGroup::targetGroupArn, request.marker(), request.pageSize());
        return DescribeTargetGroupsResponse.builder().targetGroups(page.items()).nextMarker(page.nextToken()).build();
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups() {
        return describeTargetGroups(DescribeTargetGroupsRequest.builder().build());
    }

    @Override
    public DeleteTargetGroupResponse deleteTargetGroup(DeleteTargetGroupRequest request) {
        change(() -> targetGroups.delete(request.targetGroupArn()));
        return DeleteTargetGroupResponse.builder().build();
    }

    @Override
    public DescribeTargetGroupAttributesResponse describeTargetGroupAttributes(DescribeTargetGroupAttributesRequest request) {
        return DescribeTargetGroupAttributesResponse.builder().attributes(groupAttributes(targetGroups.attributes(request.targetGroupArn()))).build();
    }

    @Override
    public ModifyTargetGroupAttributesResponse modifyTargetGroupAttributes(ModifyTargetGroupAttributesRequest request) {
        Map<String, String> changed = change(() -> targetGroups.modifyAttributes(request.targetGroupArn(), request.attributes()));
        return ModifyTargetGroupAttributesResponse.builder().attributes(groupAttributes(changed)).build();
    }

    private static List<TargetGroupAttribute> groupAttributes(Map<String, String> values) {
        return values.entrySet().stream().map(entry -> TargetGroupAttribute.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
    }

    @Override
    public CreateListenerResponse createListener(CreateListenerRequest request) {
        return CreateListenerResponse.builder().listeners(change(() -> listeners.create(request))).build();
    }

    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest request) {
        return ModifyListenerResponse.builder().listeners(change(() -> listeners.modify(request))).build();
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest request) {
        Pages.Page<Listener> page = page(listeners.find(request), Listener::listenerArn, request.marker(), request.pageSize());
        return DescribeListenersResponse.builder().listeners(page.items()).nextMarker(page.nextToken()).build();
    }

    @Override
    public DeleteListenerResponse deleteListener(DeleteListenerRequest request) {
        change(() -> listeners.delete(request.listenerArn()));
        return DeleteListenerResponse.builder().build();
    }

    @Override
    public DescribeListenerAttributesResponse describeListenerAttributes(DescribeListenerAttributesRequest request) {
        return DescribeListenerAttributesResponse.builder().attributes(listenerAttributes(listeners.attributes(request.listenerArn()))).build();
    }

    @Override
    public ModifyListenerAttributesResponse modifyListenerAttributes(ModifyListenerAttributesRequest request) {
        Map<String, String> changed = change(() -> listeners.modifyAttributes(request.listenerArn(), request.attributes()));
        return ModifyListenerAttributesResponse.builder().attributes(listenerAttributes(changed)).build();
    }

    private static List<ListenerAttribute> listenerAttributes(Map<String, String> values) {
        return values.entrySet().stream().map(entry -> ListenerAttribute.builder().key(entry.getKey()).value(entry.getValue()).build()).toList();
    }

    @Override
    public DescribeListenerCertificatesResponse describeListenerCertificates(DescribeListenerCertificatesRequest request) {
        Pages.Page<Certificate> page = page(listeners.certificates(request.listenerArn()),
                each -> (each.isDefault() ? "0" : "1") + each.certificateArn(), request.marker(), request.pageSize());
        return DescribeListenerCertificatesResponse.builder().certificates(page.items()).nextMarker(page.nextToken()).build();
    }

    @Override
    public AddListenerCertificatesResponse addListenerCertificates(AddListenerCertificatesRequest request) {
        return AddListenerCertificatesResponse.builder().certificates(change(() -> listeners.addCertificates(request.listenerArn(),
                request.certificates()))).build();
    }

    @Override
    public RemoveListenerCertificatesResponse removeListenerCertificates(RemoveListenerCertificatesRequest request) {
        change(() -> listeners.removeCertificates(request.listenerArn(), request.certificates()));
        return RemoveListenerCertificatesResponse.builder().build();
    }

    @Override
    public CreateRuleResponse createRule(CreateRuleRequest request) {
        return CreateRuleResponse.builder().rules(change(() -> rules.create(request))).build();
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        return ModifyRuleResponse.builder().rules(change(() -> rules.modify(request))).build();
    }

    /// Shown by rising priority, the default rule last.
    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        try {
            // What is asked for by ARN is all there or refused; what a listener has comes and goes between two pages.
            Pages.Page<Rule> page = request.hasRuleArns() ? Pages.of(rules.find(request), request.marker(), request.pageSize(), PAGE)
                    : Pages.of(rules.find(request), Rules::place, request.marker(), request.pageSize(), PAGE);
            return DescribeRulesResponse.builder().rules(page.items()).nextMarker(page.nextToken()).build();
        } catch (Pages.InvalidToken e) {
            throw Refusals.validation("The marker '" + request.marker() + "' is not valid");
        }
    }

    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest request) {
        change(() -> rules.delete(request.ruleArn()));
        return DeleteRuleResponse.builder().build();
    }

    @Override
    public SetRulePrioritiesResponse setRulePriorities(SetRulePrioritiesRequest request) {
        return SetRulePrioritiesResponse.builder().rules(change(() -> rules.setPriorities(request.rulePriorities()))).build();
    }

    @Override
    public RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
        List<RegisteredTarget> resolved = targets.resolved(request.targetGroupArn(), request.targets());
        change(() -> {
            targets.register(request.targetGroupArn(), resolved);
            rows.usersOf(request.targetGroupArn()).forEach(balancer -> actions.checkQuotas(rows.loadBalancer(balancer)));
        });
        return RegisterTargetsResponse.builder().build();
    }

    @Override
    public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
        change(() -> targets.deregister(request.targetGroupArn(), request.targets()));
        return DeregisterTargetsResponse.builder().build();
    }

    @Override
    public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
        return DescribeTargetHealthResponse.builder().targetHealthDescriptions(targets.health(request)).build();
    }

    @Override
    public AddTagsResponse addTags(AddTagsRequest request) {
        store.transact(() -> request.resourceArns().forEach(arn -> {
            tags.checkExists(arn);
            Tags.check(request.tags());
            tags.add(arn, request.tags());
        }));
        return AddTagsResponse.builder().build();
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest request) {
        store.transact(() -> request.resourceArns().forEach(arn -> {
            tags.checkExists(arn);
            tags.remove(arn, request.tagKeys());
        }));
        return RemoveTagsResponse.builder().build();
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest request) {
        request.resourceArns().forEach(tags::checkExists);
        return DescribeTagsResponse.builder().tagDescriptions(request.resourceArns().stream()
                .map(arn -> TagDescription.builder().resourceArn(arn).tags(tags.of(arn)).build()).toList()).build();
    }

    @Override
    public DescribeSslPoliciesResponse describeSSLPolicies(DescribeSslPoliciesRequest request) {
        List<SslPolicy> found = SslPolicies.ALL.stream().filter(policy -> !request.hasNames() || request.names().contains(policy.name())).toList();
        if (request.hasNames() && found.size() < request.names().stream().distinct().count()) {
            throw SslPolicyNotFoundException.builder().message("One or more SSL policies not found").build();
        }
        Pages.Page<SslPolicy> page = page(found, SslPolicy::name, request.marker(), request.pageSize());
        return DescribeSslPoliciesResponse.builder().sslPolicies(page.items()).nextMarker(page.nextToken()).build();
    }

    /// The limits that are enforced here.
    @Override
    public DescribeAccountLimitsResponse describeAccountLimits(DescribeAccountLimitsRequest request) {
        Map<String, String> limits = Map.of("application-load-balancers", "50", "listeners-per-application-load-balancer", "50",
                "certificates-per-application-load-balancer", "25", "rules-per-application-load-balancer", "100",
                "condition-values-per-alb-rule", "5", "condition-wildcards-per-alb-rule", "6",
                "target-groups", "3000", "target-groups-per-application-load-balancer", "100",
                "target-groups-per-action-on-application-load-balancer", "5", "targets-per-application-load-balancer", "1000");
        Pages.Page<Limit> page = page(limits.entrySet().stream().map(entry -> Limit.builder().name(entry.getKey()).max(entry.getValue()).build())
                .toList(), Limit::name,
                request.marker(), request.pageSize());
        return DescribeAccountLimitsResponse.builder().limits(page.items()).nextMarker(page.nextToken()).build();
    }
}
