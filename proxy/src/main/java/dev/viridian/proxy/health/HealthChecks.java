package dev.viridian.proxy.health;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.health.TargetHealth.Reason;
import dev.viridian.proxy.health.TargetHealth.State;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Who is asked, how often, and what follows from the answers. Guarded by the proxy's lock; the asking itself happens on the loops.
///
/// @param <T> what the rest of the proxy knows of a target
public final class HealthChecks<T extends HealthChecks.Checked> {
    /// Whoever is asked.
    public interface Checked {
        HealthTrack health();
    }

    /// A group within the routing.
    public record Members<T>(TargetGroup group, List<T> targets) {}

    /// What the rest of the proxy does for the checks, and about them.
    public interface Outside<T> {
        /// Does not wait.
        ///
        /// @param outcome to be called exactly once, from any thread and without the lock
        void ask(T target, HealthQuestion question, Consumer<HealthAnswer> outcome);

        void changed(T target, TargetHealth before);

        /// Runs `action` under the lock, away from the loops.
        void later(Runnable action);
    }

    /// One target under observation.
    private final class Checker {
        private final T target;
        private final HealthCheck check;
        private final Flows flows;
        private final TargetGroup.Version version;
        private final Time.Scheduled repeating;
        private boolean running;
        /// An interval passed while a check was under way: the next one follows it at once.
        private boolean overdue;
        private boolean closed;

        Checker(T target, HealthCheck check, Flows flows, TargetGroup.Version version) {
            this.target = target;
            this.check = check;
            this.flows = flows;
            this.version = version;
            this.repeating = time.every(check.interval(), () -> outside.later(this::ask));
            ask();
        }

        private void ask() {
            if (running || closed) {
                overdue = running;
                return;
            }
            running = true;
            overdue = false;
            TargetHealth before = target.health().health();
            target.health().checking();
            report(target, before);
            outside.ask(target, new HealthQuestion(check, version, flows, agent, timeoutMillis()), answer -> outside.later(() -> answered(answer)));
        }

        private long timeoutMillis() {
            long paced = Math.min(check.timeout().toMillis(), time.paced(check.interval()).toMillis());
            return Math.max(floorMillis, paced);
        }

        private void answered(HealthAnswer answer) {
            running = false;
            if (closed) {
                return;
            }
            TargetHealth before = target.health().health();
            if (answer.passed()) {
                target.health().passed(check);
            } else {
                boolean drains = flows.whenUnhealthy() instanceof Flows.WhenUnhealthy.Drain;
                target.health().failed(check, answer.reason(), answer.detail(), drains ? State.UNHEALTHY_DRAINING : State.UNHEALTHY);
            }
            report(target, before);
            if (overdue) {
                ask();
            }
        }

        void close() {
            closed = true;
            repeating.close();
        }
    }

    private final Time time;
    private final long floorMillis;
    private final String agent;
    private final Outside<T> outside;
    private final Map<T, Checker> checkers = new HashMap<>();

    /// @param floor real: a check is given at least this long, however fast the pace
    /// @param agent who asks, for `User-Agent`
    public HealthChecks(Time time, Duration floor, String agent, Outside<T> outside) {
        this.time = time;
        this.floorMillis = floor.toMillis();
        this.agent = agent;
        this.outside = outside;
    }

    /// What a target that comes, stays or falls out of use is, before anybody has been asked.
    ///
    /// @param used ids of the groups that listeners send to
    public void classify(Collection<Members<T>> groups, Set<String> used) {
        for (Members<T> members : groups) {
            TargetGroup group = members.group();
            for (T target : members.targets()) {
                State state = target.health().health().state();
                if (!used.contains(group.id())) {
                    restart(target, State.UNUSED, Reason.NOT_IN_USE);
                } else if (!group.healthCheck().enabled()) {
                    restart(target, State.UNAVAILABLE, Reason.CHECKS_DISABLED);
                } else if (state == State.UNUSED || state == State.UNAVAILABLE || state == State.DRAINING) {
                    restart(target, State.INITIAL, Reason.REGISTRATION_IN_PROGRESS);
                }
            }
        }
    }

    private void restart(T target, State state, Reason reason) {
        TargetHealth before = target.health().health();
        if (before.state() != state) {
            target.health().restart(state, reason);
            report(target, before);
        }
    }

    /// Starts and ends observation as the routing wants it. A target whose settings stay the same is asked on in its own rhythm.
    public void observe(Collection<Members<T>> groups, Set<String> used) {
        Set<T> wanted = new HashSet<>();
        for (Members<T> members : groups) {
            TargetGroup group = members.group();
            HealthCheck check = group.healthCheck();
            Flows flows = group.flows();
            if (used.contains(group.id()) && check.enabled()) {
                for (T target : members.targets()) {
                    wanted.add(target);
                    Checker current = checkers.get(target);
                    if (current == null || !current.check.equals(check) || !current.flows.equals(flows)
                            || current.version != group.version()) {
                        stop(target);
                        checkers.put(target, new Checker(target, check, flows, group.version()));
                    }
                }
            }
        }
        Set<T> unwanted = new HashSet<>(checkers.keySet());
        unwanted.removeAll(wanted);
        unwanted.forEach(this::stop);
    }

    private void stop(T target) {
        Checker checker = checkers.remove(target);
        if (checker != null) {
            checker.close();
        }
    }

    private void report(T target, TargetHealth before) {
        if (!before.equals(target.health().health())) {
            outside.changed(target, before);
        }
    }

    public void close() {
        checkers.values().forEach(Checker::close);
        checkers.clear();
    }
}
