package dev.viridian.services.cloudwatch;

/// Who carries out what an alarm is to do when its state changes (notify a topic, run a scaling policy). The assembly connects it.
///
/// It may be called twice for one change, after a crash.
@FunctionalInterface
public interface AlarmAction {
    /// Knows no action: the alarm's history then says of each that it failed, and why.
    AlarmAction NONE = (change, action) -> {
        throw new UnsupportedOperationException("No service here carries out " + action);
    };

    /// @param action the ARN from the alarm
    /// @throws RuntimeException when it could not be carried out; its message goes into the alarm's history
    void perform(AlarmChange change, String action);
}
