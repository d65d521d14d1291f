package dev.viridian.services.codedeploy.deployment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codedeploy.model.Diagnostics;
import software.amazon.awssdk.services.codedeploy.model.LifecycleErrorCode;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEvent;
import software.amazon.awssdk.services.codedeploy.model.LifecycleEventStatus;

/// The lifecycle events of the target, complete from the start: what has not begun is Pending.
///
/// Source: deployments observed on AWS. A deployment that ends early leaves its current event Failed and the later ones Skipped.
public record EventLog(List<LifecycleEvent> events) {
    private static final List<String> BEFORE_TEST = List.of("BeforeInstall", "Install", "AfterInstall");
    private static final List<String> TEST = List.of("AllowTestTraffic", "AfterAllowTestTraffic");
    private static final List<String> PRODUCTION = List.of("BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic");

    public EventLog {
        events = List.copyOf(events);
    }

    /// Without a test listener the two events that concern it do not exist.
    static EventLog pending(boolean withTestRoute) {
        return new EventLog(names(withTestRoute).stream().map(name -> event(name, LifecycleEventStatus.PENDING)).toList());
    }

    /// A rollback installs and tests nothing: it only moves traffic.
    static EventLog ofRollback(boolean withTestRoute) {
        return new EventLog(names(withTestRoute).stream()
                .map(name -> event(name, name.equals("AllowTraffic") ? LifecycleEventStatus.PENDING : LifecycleEventStatus.SKIPPED))
                .toList());
    }

    private static List<String> names(boolean withTestRoute) {
        List<String> names = new ArrayList<>(BEFORE_TEST);
        if (withTestRoute) {
            names.addAll(TEST);
        }
        names.addAll(PRODUCTION);
        return names;
    }

    private static LifecycleEvent event(String name, LifecycleEventStatus status) {
        return LifecycleEvent.builder().lifecycleEventName(name).status(status).build();
    }

    /// An event that does not exist in this deployment counts as skipped.
    public LifecycleEventStatus status(String name) {
        return events.stream()
                .filter(event -> event.lifecycleEventName().equals(name))
                .findFirst()
                .map(LifecycleEvent::status)
                .orElse(LifecycleEventStatus.SKIPPED);
    }

    /// The log after the deployment moved from one phase to the next.
    EventLog moved(Phase from, Phase to, Optional<Ending> ending, Instant now) {
        boolean early = to == Phase.FAILED || to == Phase.STOPPED || to == Phase.RETURNING_TRAFFIC;
        EventLog left = from.event().map(name -> early ? failed(name, ending, now) : succeeded(name, now)).orElse(this);
        EventLog entered = to.event().map(name -> left.started(name, now)).orElse(left);
        return early ? entered.skippingTheRest() : entered;
    }

    private EventLog started(String name, Instant now) {
        return change(name, event -> event.toBuilder().status(LifecycleEventStatus.IN_PROGRESS).startTime(now).build());
    }

    private EventLog succeeded(String name, Instant now) {
        return change(name, event -> event.toBuilder().status(LifecycleEventStatus.SUCCEEDED).endTime(now).build());
    }

    private EventLog failed(String name, Optional<Ending> ending, Instant now) {
        Optional<Diagnostics> diagnostics = ending.map(end -> Diagnostics.builder()
                .errorCode(LifecycleErrorCode.UNKNOWN_ERROR)
                .message(end.fault().message())
                .build());
        return change(name, event -> event.toBuilder()
                .status(LifecycleEventStatus.FAILED)
                .endTime(now)
                .diagnostics(diagnostics.orElse(event.diagnostics()))
                .build());
    }

    private EventLog skippingTheRest() {
        return new EventLog(events.stream()
                .map(event -> event.status() == LifecycleEventStatus.PENDING ? event.toBuilder().status(LifecycleEventStatus.SKIPPED).build() : event)
                .toList());
    }

    private EventLog change(String name, UnaryOperator<LifecycleEvent> change) {
        return new EventLog(events.stream().map(event -> event.lifecycleEventName().equals(name) ? change.apply(event) : event).toList());
    }
}
