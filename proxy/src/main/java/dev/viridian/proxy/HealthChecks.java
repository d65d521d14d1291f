package dev.viridian.proxy;

import dev.viridian.engine.time.Time;
import dev.viridian.proxy.TargetHealth.Reason;
import dev.viridian.proxy.TargetHealth.State;
import dev.viridian.proxy.routing.Flows;
import dev.viridian.proxy.routing.HealthCheck;
import dev.viridian.proxy.routing.TargetGroup;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who is asked, how often, and what follows from the answers. Guarded by the proxy's lock; the asking itself happens on the loops.
final class HealthChecks {
    /// What the rest of the proxy does about a change.
    interface Audience {
        void changed(TargetState target, TargetHealth before);

        /// Runs `action` under the lock, away from the loops.
        void later(Runnable action);
    }

    /// One target under observation.
    private final class Checker {
        private final TargetState target;
        private final HealthCheck check;
        private final Flows flows;
        private final TargetGroup.Version version;
        private final Loop loop;
        private final Time.Scheduled repeating;
        private boolean running;
        /// An interval passed while a check was under way: the next one follows it at once.
        private boolean overdue;
        private boolean closed;

        Checker(TargetState target, HealthCheck check, Flows flows, TargetGroup.Version version) {
            this.target = target;
            this.check = check;
            this.flows = flows;
            this.version = version;
            this.loop = loops.all().get(Math.floorMod(target.stickyKey(), loops.all().size()));
            this.repeating = time.every(check.interval(), () -> audience.later(this::ask));
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
            if (target.target().isFunction()) {
                FunctionProbe.run(loop, target, check, timeoutMillis(), result -> audience.later(() -> answered(result)));
            } else {
                HealthProbe.run(loop, target, check, flows.announced(), version, timeoutMillis(),
                        result -> audience.later(() -> answered(result)));
            }
        }

        private long timeoutMillis() {
            long paced = Math.min(check.timeout().toMillis(), time.paced(check.interval()).toMillis());
            return Math.max(floorMillis, paced);
        }

        private void answered(HealthProbe.Result result) {
            running = false;
            if (closed) {
                return;
            }
            TargetHealth before = target.health().health();
            if (result.passed()) {
                target.health().passed(check);
            } else {
                boolean drains = flows.whenUnhealthy() instanceof Flows.WhenUnhealthy.Drain;
                target.health().failed(check, result.reason(), result.detail(), drains ? State.UNHEALTHY_DRAINING : State.UNHEALTHY);
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

    private final Loops loops;
    private final Time time;
    private final long floorMillis;
    private final Audience audience;
    private final Map<TargetState, Checker> checkers = new HashMap<>();

    HealthChecks(Loops loops, Time time, ProxyOptions options, Audience audience) {
        this.loops = loops;
        this.time = time;
        this.floorMillis = options.healthTimeoutFloor().toMillis();
        this.audience = audience;
    }

    /// What a target that comes, stays or falls out of use is, before anybody has been asked.
    void classify(Routing routing, Set<String> used) {
        for (GroupRoute route : routing.groups().values()) {
            TargetGroup group = route.group();
            for (TargetState target : route.targets()) {
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

    private void restart(TargetState target, State state, Reason reason) {
        TargetHealth before = target.health().health();
        if (before.state() != state) {
            target.health().restart(state, reason);
            report(target, before);
        }
    }

    /// Starts and ends observation as the routing wants it. A target whose settings stay the same is asked on in its own rhythm.
    void observe(Routing routing, Set<String> used) {
        Set<TargetState> wanted = new HashSet<>();
        for (GroupRoute route : routing.groups().values()) {
            HealthCheck check = route.group().healthCheck();
            Flows flows = route.group().flows();
            if (used.contains(route.group().id()) && check.enabled()) {
                for (TargetState target : route.targets()) {
                    wanted.add(target);
                    Checker current = checkers.get(target);
                    if (current == null || !current.check.equals(check) || !current.flows.equals(flows)
                            || current.version != route.group().version()) {
                        stop(target);
                        checkers.put(target, new Checker(target, check, flows, route.group().version()));
                    }
                }
            }
        }
        Set<TargetState> unwanted = new HashSet<>(checkers.keySet());
        unwanted.removeAll(wanted);
        unwanted.forEach(this::stop);
    }

    private void stop(TargetState target) {
        Checker checker = checkers.remove(target);
        if (checker != null) {
            checker.close();
        }
    }

    private void report(TargetState target, TargetHealth before) {
        if (!before.equals(target.health().health())) {
            audience.changed(target, before);
        }
    }

    void close() {
        checkers.values().forEach(Checker::close);
        checkers.clear();
    }
}
