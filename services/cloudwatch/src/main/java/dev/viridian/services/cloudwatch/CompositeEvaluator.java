package dev.viridian.services.cloudwatch;

import dev.viridian.engine.work.Next;
import dev.viridian.engine.work.Work;
import java.util.HashSet;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import tools.jackson.databind.json.JsonMapper;

/// Judges composite alarms as soon as an alarm they may depend on has changed. A change of one wakes this again, so chains settle by themselves;
/// [#check] keeps cycles out.
final class CompositeEvaluator {
    static final String KIND = "cloudwatch.composite-evaluation";
    private static final int MOST_CHILDREN = 100;

    private final Alarms alarms;

    CompositeEvaluator(Alarms alarms, Work work) {
        this.alarms = alarms;
        work.handle(KIND, this::run);
    }

    /// Refuses a rule that cannot be evaluated: unknown alarms, too many, or itself at the end of a chain.
    void check(Scope scope, String name, CompositeRule rule) {
        if (rule.alarms().size() > MOST_CHILDREN) {
            throw Refusals.validation("AlarmRule must not contain more than " + MOST_CHILDREN + " alarms.");
        }
        rule.alarms().stream().filter(child -> !child.equals(name) && alarms.find(scope, child).isEmpty()).findFirst().ifPresent(child -> {
            throw Refusals.validation("Could not save the composite alarm as alarms [" + child + "] in the alarm rule do not exist");
        });
        if (reaches(scope, rule, name, new HashSet<>())) {
            throw Refusals.validation("Could not save the composite alarm as it would create a cycle in the alarm dependencies.");
        }
    }

    private boolean reaches(Scope scope, CompositeRule rule, String name, Set<String> seen) {
        for (String child : rule.alarms()) {
            if (child.equals(name)) {
                return true;
            }
            if (seen.add(child) && alarms.find(scope, child).orElse(null) instanceof Alarm.Composite(CompositeAlarm composite)
                    && reaches(scope, CompositeRule.parse(composite.alarmRule()), name, seen)) {
                return true;
            }
        }
        return false;
    }

    private Next run(String key) {
        Scope scope = Scope.of(key);
        alarms.compositeAlarms(scope).forEach(alarm -> evaluate(scope, alarm));
        return Next.done();
    }

    private void evaluate(Scope scope, CompositeAlarm alarm) {
        CompositeRule rule = CompositeRule.parse(alarm.alarmRule());
        StateValue verdict = rule.holds(child -> alarms.state(scope, child).value()) ? StateValue.ALARM : StateValue.OK;
        if (alarms.state(scope, alarm.alarmName()).value() != verdict) {
            alarms.become(scope, alarm.alarmName(), verdict, reason(scope, rule), data(scope, rule));
        }
    }

    private String reason(Scope scope, CompositeRule rule) {
        String states = rule.alarms().stream().map(child -> scope.arn("alarm:" + child) + " is " + alarms.state(scope, child).value())
                .collect(java.util.stream.Collectors.joining(", "));
        return states.isEmpty() ? "The alarm rule is constant" : "Alarm Rule evaluated with: " + states;
    }

    private String data(Scope scope, CompositeRule rule) {
        var data = JsonMapper.shared().createObjectNode();
        var triggering = data.putArray("triggeringAlarms");
        rule.alarms().forEach(child -> {
            var each = triggering.addObject().put("arn", scope.arn("alarm:" + child));
            each.putObject("state").put("value", alarms.state(scope, child).value().toString()).put("timestamp",
                    alarms.state(scope, child).updated().toString());
        });
        return data.toString();
    }
}
