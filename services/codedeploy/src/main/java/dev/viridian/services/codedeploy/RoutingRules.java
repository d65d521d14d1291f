package dev.viridian.services.codedeploy;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.InvalidTrafficRoutingConfigurationException;
import software.amazon.awssdk.services.codedeploy.model.TrafficRoutingConfig;

/// What a traffic routing may say: 1 to 99 percent, whole minutes, and no more than two days from the first shift to the last. The texts are ours.
///
/// Source: CodeDeploy user guide, "Create a deployment configuration".
final class RoutingRules {
    private static final int LONGEST_MINUTES = 2880;

    private RoutingRules() {}

    static void check(@Nullable TrafficRoutingConfig config) {
        if (config == null || config.type() == null) {
            throw invalid("trafficRoutingConfig must be specified with a type");
        }
        switch (config.type()) {
            case ALL_AT_ONCE -> {
                require(config.timeBasedCanary() == null, "timeBasedCanary can not be specified for AllAtOnce");
                require(config.timeBasedLinear() == null, "timeBasedLinear can not be specified for AllAtOnce");
            }
            case TIME_BASED_CANARY -> {
                require(config.timeBasedCanary() != null, "timeBasedCanary must be specified for TimeBasedCanary");
                require(config.timeBasedLinear() == null, "timeBasedLinear can not be specified for TimeBasedCanary");
                percentage("canaryPercentage", config.timeBasedCanary().canaryPercentage());
                interval("canaryInterval", config.timeBasedCanary().canaryInterval(), 1);
            }
            case TIME_BASED_LINEAR -> {
                require(config.timeBasedLinear() != null, "timeBasedLinear must be specified for TimeBasedLinear");
                require(config.timeBasedCanary() == null, "timeBasedCanary can not be specified for TimeBasedLinear");
                percentage("linearPercentage", config.timeBasedLinear().linearPercentage());
                interval("linearInterval", config.timeBasedLinear().linearInterval(),
                        stepsAfterTheFirst(config.timeBasedLinear().linearPercentage()));
            }
            case UNKNOWN_TO_SDK_VERSION -> throw invalid("trafficRoutingConfig has an unknown type: " + config.typeAsString());
        }
    }

    /// 30 percent means 30, 60, 90, 100: three intervals.
    private static int stepsAfterTheFirst(int percentage) {
        return (100 + percentage - 1) / percentage - 1;
    }

    private static void percentage(String name, @Nullable Integer value) {
        require(value != null && value >= 1 && value <= 99, name + " must be from 1 to 99");
    }

    private static void interval(String name, @Nullable Integer minutes, int times) {
        require(minutes != null && minutes >= 1, name + " must be at least 1 minute");
        require((long) minutes * times <= LONGEST_MINUTES, "the time between the first and the last shift must not exceed " + LONGEST_MINUTES
                + " minutes");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw invalid(message);
        }
    }

    private static InvalidTrafficRoutingConfigurationException invalid(String message) {
        return InvalidTrafficRoutingConfigurationException.builder().message(message).build();
    }
}
