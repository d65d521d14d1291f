package dev.viridian.services.elbv2;

import dev.viridian.aws.Ids;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// The rules of listeners. The default rule is not a row: it is the listener's default actions, shown as a rule.
final class Rules {
    private static final int MOST = 100;

    private final Rows rows;
    private final Actions actions;
    private final Tags tags;

    Rules(Rows rows, Actions actions, Tags tags) {
        this.rows = rows;
        this.actions = actions;
        this.tags = tags;
    }

    static String defaultRuleArn(String listenerArn) {
        String id = UUID.nameUUIDFromBytes(listenerArn.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "").substring(0, 16);
        return listenerArn.replace(":listener/", ":listener-rule/") + "/" + id;
    }

    /// A text by which rules of one listener are ordered as they are asked, the default rule last.
    static String place(Rule rule) {
        return Boolean.TRUE.equals(rule.isDefault()) ? "default" : String.format(Locale.ROOT, "%05d", Integer.valueOf(rule.priority()));
    }

    private static Rule defaultRule(Listener listener) {
        return Rule.builder().ruleArn(defaultRuleArn(listener.listenerArn())).priority("default").isDefault(true).conditions(List.of())
                .actions(listener.defaultActions()).build();
    }

    static String listenerOf(String ruleArn) {
        ArnKind.RULE.checked(ruleArn);
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
    }

    Rule create(CreateRuleRequest request) {
        Tags.check(request.tags());
        Listener listener = rows.listener(request.listenerArn());
        LoadBalancer balancer = rows.loadBalancer(listener.loadBalancerArn());
        if (balancer.type() != LoadBalancerTypeEnum.APPLICATION) {
            throw Refusals.notPermitted("Rules are supported for listeners of application load balancers only");
        }
        List<Rule> others = rows.rulesOf(listener.listenerArn());
        if (rows.listenersOf(balancer.loadBalancerArn()).stream().mapToInt(each -> rows.rulesOf(each.listenerArn()).size()).sum() >= MOST) {
            throw TooManyRulesException.builder().message("The maximum number of rules per load balancer has been reached").build();
        }
        if (others.stream().anyMatch(rule -> rule.priority().equals(Integer.toString(request.priority())))) {
            throw PriorityInUseException.builder().message("Priority '" + request.priority() + "' is currently in use").build();
        }
        String arn = listener.listenerArn().replace(":listener/", ":listener-rule/") + "/" + Ids.hex(16);
        List<Action> checked = actions.checked(request.actions(), balancer, listener.protocol(), listener.port());
        Rule created = Rule.builder().ruleArn(arn).priority(Integer.toString(request.priority())).isDefault(false)
                .conditions(Conditions.checked(request.conditions())).actions(checked)
                .transforms(Transforms.checked(request.transforms(), checked)).build();
        rows.rules().put(Rows.key(arn), created);
        actions.checkQuotas(balancer);
        tags.create(arn, request.tags());
        return created;
    }

    /// What is not given stays; transforms go only when that is asked for.
    Rule modify(ModifyRuleRequest request) {
        Listener listener = rows.listeners().find(Rows.key(listenerOf(request.ruleArn()))).orElseThrow(Refusals::noRule);
        if (request.ruleArn().equals(defaultRuleArn(listener.listenerArn()))) {
            throw Refusals.notPermitted("Default rule '" + request.ruleArn() + "' cannot be modified");
        }
        boolean reset = Boolean.TRUE.equals(request.resetTransforms());
        Refusals.require(!reset || request.transforms().isEmpty(), "You cannot provide both Transforms and ResetTransforms");
        Refusals.require(request.hasConditions() || request.hasActions() || request.hasTransforms() || reset,
                "Either conditions or actions must be specified");
        Rule old = rows.rule(request.ruleArn());
        LoadBalancer balancer = rows.loadBalancer(listener.loadBalancerArn());
        List<Action> wanted = request.hasActions() ? actions.checked(request.actions(), balancer, listener.protocol(), listener.port()) : old.actions();
        List<RuleTransform> transforms = reset ? List.of() : request.transforms().isEmpty() ? old.transforms() : request.transforms();
        Rule changed = old.copy(b -> b.conditions(request.hasConditions() ? Conditions.checked(request.conditions()) : old.conditions())
                .actions(wanted).transforms(Transforms.checked(transforms, wanted)));
        rows.rules().put(Rows.key(old.ruleArn()), changed);
        actions.checkQuotas(balancer);
        return changed;
    }

    List<Rule> find(DescribeRulesRequest request) {
        Refusals.require(request.hasRuleArns() != (request.listenerArn() != null), "You must specify either listener rule ARNs or a listener ARN");
        if (request.hasRuleArns()) {
            return request.ruleArns().stream().distinct().map(this::anyRule).toList();
        }
        Listener listener = rows.listener(request.listenerArn());
        List<Rule> all = new ArrayList<>(rows.rulesOf(listener.listenerArn()));
        all.add(defaultRule(listener));
        return all;
    }

    private Rule anyRule(String arn) {
        return rows.listeners().find(Rows.key(listenerOf(arn))).map(Rules::defaultRule).filter(rule -> rule.ruleArn().equals(arn))
                .orElseGet(() -> rows.rule(arn));
    }

    void delete(String arn) {
        if (Boolean.TRUE.equals(anyRule(arn).isDefault())) {
            throw Refusals.notPermitted("Default rule '" + arn + "' cannot be deleted");
        }
        rows.rules().delete(Rows.key(arn));
        tags.forget(arn);
    }

    /// All at once: two rules may change places.
    List<Rule> setPriorities(List<RulePriorityPair> pairs) {
        Map<String, Integer> wanted = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (RulePriorityPair pair : pairs) {
            // AWS's model requires neither; the wordings are guesses.
            Refusals.require(pair.ruleArn() != null, "A rule ARN must be specified");
            Refusals.require(pair.priority() != null, "A priority must be specified");
            if (Boolean.TRUE.equals(anyRule(pair.ruleArn()).isDefault())) {
                throw Refusals.notPermitted("Default rule '" + pair.ruleArn() + "' cannot be modified");
            }
            Refusals.require(seen.add(listenerOf(pair.ruleArn()) + pair.priority()),
                    "Priority '" + pair.priority() + "' was provided multiple times");
            wanted.put(pair.ruleArn(), pair.priority());
        }
        wanted.forEach((arn, priority) -> {
            boolean taken = rows.rulesOf(listenerOf(arn)).stream().anyMatch(other -> !wanted.containsKey(other.ruleArn())
                    && other.priority().equals(Integer.toString(priority)));
            if (taken) {
                throw PriorityInUseException.builder().message("Priority '" + priority + "' is currently in use").build();
            }
        });
        wanted.forEach((arn, priority) -> rows.rules().update(Rows.key(arn), rule -> rule.copy(b -> b.priority(Integer.toString(priority)))));
        return pairs.stream().map(pair -> rows.rule(pair.ruleArn())).toList();
    }
}
