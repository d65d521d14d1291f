package dev.viridian.services.codedeploy.deployment;

import java.util.List;

/// What the alarms of a deployment say. INSUFFICIENT_DATA and OK are both quiet.
public sealed interface Alarms {
    record Quiet() implements Alarms {}

    record Active(List<String> names) implements Alarms {}

    /// Deleted, or the role may not read them.
    record Unreadable(Fault fault) implements Alarms {}
}
