package dev.viridian.services.codedeploy;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.Alarm;
import software.amazon.awssdk.services.codedeploy.model.AlarmConfiguration;
import software.amazon.awssdk.services.codedeploy.model.AlarmsLimitExceededException;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackConfiguration;
import software.amazon.awssdk.services.codedeploy.model.AutoRollbackEvent;
import software.amazon.awssdk.services.codedeploy.model.InvalidAlarmConfigException;
import software.amazon.awssdk.services.codedeploy.model.InvalidAutoRollbackConfigException;
import software.amazon.awssdk.services.codedeploy.model.InvalidTriggerConfigException;
import software.amazon.awssdk.services.codedeploy.model.TriggerConfig;
import software.amazon.awssdk.services.codedeploy.model.TriggerEventType;
import software.amazon.awssdk.services.codedeploy.model.TriggerTargetsLimitExceededException;

/// What alarms, rollbacks and triggers of a group or a single deployment may say. Whether an alarm exists is not asked, as on AWS. The texts are
/// ours.
final class GuardRules {
    private static final int MOST = 10;

    private GuardRules() {}

    static void alarms(@Nullable AlarmConfiguration config) {
        if (config == null) {
            return;
        }
        List<String> names = config.alarms().stream().map(Alarm::name).toList();
        if (names.size() > MOST) {
            throw AlarmsLimitExceededException.builder().message("The maximum number of alarms for a deployment group (10) was exceeded.").build();
        }
        if (Boolean.TRUE.equals(config.enabled()) && names.isEmpty()) {
            throw alarm("The alarm configuration is enabled but names no alarm.");
        }
        if (names.stream().anyMatch(name -> Names.isMissing(name) || name.length() > 255)) {
            throw alarm("The name of an alarm must have 1 to 255 characters.");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw alarm("The alarm configuration names an alarm twice.");
        }
    }

    static void rollback(@Nullable AutoRollbackConfiguration config) {
        if (config == null) {
            return;
        }
        if (Boolean.TRUE.equals(config.enabled()) && config.events().isEmpty()) {
            throw rollback("The auto-rollback configuration is enabled but names no event.");
        }
        if (config.events().contains(AutoRollbackEvent.UNKNOWN_TO_SDK_VERSION)) {
            throw rollback("The auto-rollback configuration names an unknown event: " + config.eventsAsStrings());
        }
    }

    static void triggers(List<TriggerConfig> triggers) {
        if (triggers.size() > MOST) {
            throw TriggerTargetsLimitExceededException.builder().message("The maximum allowed number of triggers (10) was exceeded.").build();
        }
        for (TriggerConfig trigger : triggers) {
            if (Names.isMissing(trigger.triggerName()) || Names.isMissing(trigger.triggerTargetArn()) || trigger.triggerEvents().isEmpty()) {
                throw trigger("A trigger must have a name, a target ARN and at least one event.");
            }
            if (trigger.triggerEvents().contains(TriggerEventType.UNKNOWN_TO_SDK_VERSION)) {
                throw trigger("A trigger names an unknown event: " + trigger.triggerEventsAsStrings());
            }
        }
    }

    private static InvalidAlarmConfigException alarm(String message) {
        return InvalidAlarmConfigException.builder().message(message).build();
    }

    private static InvalidAutoRollbackConfigException rollback(String message) {
        return InvalidAutoRollbackConfigException.builder().message(message).build();
    }

    private static InvalidTriggerConfigException trigger(String message) {
        return InvalidTriggerConfigException.builder().message(message).build();
    }
}
