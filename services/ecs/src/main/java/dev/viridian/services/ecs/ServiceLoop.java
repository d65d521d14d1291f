package dev.viridian.services.ecs;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/// Keeps one service as it is meant to be: compares its workloads with its tasks and their health, then starts and stops tasks.
final class ServiceLoop {
    private static final Duration LOOK_WHILE_UNSTEADY = Duration.ofSeconds(5);
    private static final Duration LOOK_WHILE_STEADY = Duration.ofSeconds(10);
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(300);
    private static final Duration VISIBLE = Duration.ofHours(1);

    private final Store store;
    private final ServiceTable services;
    private final TaskTable tasks;
    private final Members members;
    private final TaskStarts starts;
    private final Rollouts rollouts;
    private final ServiceEvents events;
    private final Time time;

    ServiceLoop(Store store, ServiceTable services, TaskTable tasks, Members members, TaskStarts starts, Rollouts rollouts, ServiceEvents events,
            Time time) {
        this.store = store;
        this.services = services;
        this.tasks = tasks;
        this.members = members;
        this.starts = starts;
        this.rollouts = rollouts;
        this.events = events;
        this.time = time;
    }

    /// One workload with its tasks.
    ///
    /// @param all including those on their way out
    /// @param members those that are meant to run
    record Crew(Workload workload, List<TaskRow> all, List<Member> members) {
        int failed() {
            return Members.failedInARow(all, members);
        }

        boolean isGone() {
            return all.stream().allMatch(row -> row.state() == TaskState.STOPPED);
        }
    }

    Next step(String key) {
        ServiceId id = ServiceId.ofKey(key);
        return services.find(id).map(row -> Caller.get(id.cluster().caller(), () -> step(id, row))).orElseGet(Next::done);
    }

    private Next step(ServiceId id, ServiceRow row) {
        if (row.isInactive()) {
            return inactive(id, row);
        }
        List<TaskRow> all = tasks.of(id);
        Map<Target, TargetStanding> health = members.health(all);
        return store.transact(() -> reconcile(id, row, health));
    }

    /// What was asked of load balancers is a moment old; everything else is read again inside the transaction that acts on it.
    private Next reconcile(ServiceId id, ServiceRow known, Map<Target, TargetStanding> health) {
        ServiceRow row = services.find(id).orElse(known);
        List<Crew> crews = services.workloads(id).stream().map(workload -> crew(id, row, workload, health)).toList();
        crews.forEach(crew -> complain(id, crew, health));
        boolean moved = row.rollsByItself() ? roll(id, row, crews) : hold(id, row, crews);
        crews.forEach(crew -> note(id, row, crew, crews.size()));
        crews.stream().filter(crew -> isFinished(row, crew)).forEach(crew -> services.forget(id, crew.workload().id()));
        if (row.isDraining() && tasks.of(id).stream().allMatch(task -> task.state() == TaskState.STOPPED)) {
            services.update(id, now -> now.gone(time.now()));
            return Next.again();
        }
        return moved ? Next.again() : Next.at(nextLook(row, crews));
    }

    private Crew crew(ServiceId id, ServiceRow row, Workload workload, Map<Target, TargetStanding> health) {
        List<TaskRow> all = tasks.of(id).stream().filter(task -> task.workload().equals(workload.id())).toList();
        Integer seconds = row.service().healthCheckGracePeriodSeconds();
        Duration grace = Duration.ofSeconds(seconds == null ? 0 : seconds);
        List<Member> judged = all.stream().filter(task -> !task.stopWanted())
                .map(task -> members.judge(task, health, grace, row.rollsByItself())).toList();
        return new Crew(workload, all, judged);
    }

    /// Somebody else decides how many tasks each set has; sets do not know of each other.
    private boolean hold(ServiceId id, ServiceRow row, List<Crew> crews) {
        boolean moved = false;
        for (Crew crew : crews) {
            int desired = row.isDraining() ? 0 : crew.workload().desired();
            moved |= act(id, row, crew, ServiceDecision.hold(desired, bounds(row, desired), crew.members()));
        }
        return moved;
    }

    private boolean roll(ServiceId id, ServiceRow row, List<Crew> crews) {
        Optional<Crew> newest = row.isDraining() ? Optional.empty() : crews.stream().filter(crew -> crew.workload().isPrimary()).findFirst();
        if (newest.isEmpty()) {
            return drain(id, row, crews);
        }
        List<Crew> older = crews.stream().filter(crew -> crew != newest.get()).toList();
        if (rollouts.settle(id, row, newest.get(), older)) {
            return true;
        }
        List<Member> olderMembers = older.stream().flatMap(crew -> crew.members().stream()).toList();
        int desired = newest.get().workload().desired();
        ServiceDecision.Bounds bounds = bounds(row, desired);
        Moves forward = olderMembers.isEmpty()
                ? ServiceDecision.hold(desired, bounds, newest.get().members())
                : ServiceDecision.takeOver(desired, bounds, newest.get().members(), olderMembers);
        boolean moved = act(id, row, newest.get(), forward);
        Moves back = ServiceDecision.giveWay(bounds, newest.get().members(), olderMembers);
        for (Crew crew : older) {
            moved |= act(id, row, crew, of(crew, back));
        }
        return moved;
    }

    private static Moves of(Crew crew, Moves moves) {
        List<String> own = crew.members().stream().map(Member::taskId).toList();
        return new Moves(0, moves.stop().stream().filter(stop -> own.contains(stop.taskId())).toList());
    }

    private boolean drain(ServiceId id, ServiceRow row, List<Crew> crews) {
        boolean moved = false;
        for (Crew crew : crews) {
            moved |= act(id, row, crew, ServiceDecision.hold(0, bounds(row, 0), crew.members()));
        }
        return moved;
    }

    private static ServiceDecision.Bounds bounds(ServiceRow row, int desired) {
        return ServiceDecision.Bounds.of(desired, row.service().deploymentConfiguration().minimumHealthyPercent(),
                row.service().deploymentConfiguration().maximumPercent());
    }

    private boolean act(ServiceId id, ServiceRow row, Crew crew, Moves moves) {
        moves.stop().forEach(stop -> stop(id, row, crew.workload(), stop));
        List<TaskId> stopped = moves.stop().stream().map(stop -> new TaskId(id.cluster(), stop.taskId())).toList();
        if (!stopped.isEmpty()) {
            events.say(id, crew.workload().id(), "has stopped " + stopped.size() + " running tasks: " + ServiceEvents.named(stopped) + ".");
        }
        boolean mayStart = !crew.workload().hasFailed() && !time.now().isBefore(retryAt(crew));
        List<TaskId> started = mayStart ? starts.start(id, row, crew.workload(), moves.start()) : List.of();
        if (!started.isEmpty()) {
            events.say(id, crew.workload().id(), "has started " + started.size() + " tasks: " + ServiceEvents.named(started) + ".");
        }
        return !stopped.isEmpty() || !started.isEmpty();
    }

    private void stop(ServiceId id, ServiceRow row, Workload workload, Moves.Stop stop) {
        String kind = row.rollsByItself() ? "deployment" : "taskSet";
        String reason = stop.complaint().isEmpty() ? "Scaling activity initiated by (" + kind + " " + workload.id() + ")" : stop.complaint();
        tasks.stop(new TaskId(id.cluster(), stop.taskId()), TaskStopCode.SERVICE_SCHEDULER_INITIATED, reason);
    }

    /// A task that never came up is tried again ever later; one that came up and died is replaced after a breath.
    private Instant retryAt(Crew crew) {
        Optional<TaskRow> last = crew.all().stream().filter(row -> row.stopWanted() && row.task().stopCode() != TaskStopCode.USER_INITIATED)
                .filter(row -> Members.hasFailed(row) || row.task().stopCode() == TaskStopCode.ESSENTIAL_CONTAINER_EXITED)
                .max(Comparator.comparing(row -> row.task().stoppingAt()));
        return last.map(row -> row.task().stoppingAt().plus(atLeast(time.paced(ServiceDecision.pauseAfter(crew.failed())), Duration.ofSeconds(1))))
                .orElse(Instant.EPOCH);
    }

    private static Duration atLeast(Duration one, Duration least) {
        return one.compareTo(least) < 0 ? least : one;
    }

    private void complain(ServiceId id, Crew crew, Map<Target, TargetStanding> health) {
        for (Member member : crew.members()) {
            TaskRow row = crew.all().stream().filter(one -> one.task().taskArn().endsWith(member.taskId())).findFirst().orElseThrow();
            row.targets().stream()
                    .filter(target -> member.is(Member.Standing.BAD) && health.containsKey(target)
                            && health.get(target).kind() == TargetStanding.Kind.BAD)
                    .forEach(target -> events.sayOnce(id, "(service " + id.name() + ") (task " + member.taskId() + ") (port " + target.port()
                            + ") is unhealthy in (target-group " + target.groupArn() + ") due to (reason " + health.get(target).description()
                                    + ")."));
            if (member.complaint().equals(Members.FAILED_CONTAINER)) {
                events.sayOnce(id, "(service " + id.name() + ") (task " + member.taskId() + ") failed container health checks.");
            }
        }
        if (crew.failed() >= 3) {
            events.sayOnce(id, "(service " + id.name() + ") is unable to consistently start tasks successfully.");
        }
    }

    /// Writes down how the workload stands, and tells when it came to rest.
    private void note(ServiceId id, ServiceRow row, Crew crew, int workloads) {
        Workload current = services.workload(id, crew.workload().id()).orElse(crew.workload());
        boolean steady = ServiceDecision.isSteady(current.desired(), crew.members());
        Workload noted = current.failed(crew.failed());
        if (steady != current.isSteady()) {
            noted = noted.with(set -> set.stabilityStatus(steady ? StabilityStatus.STEADY_STATE : StabilityStatus.STABILIZING)
                    .stabilityStatusAt(time.now()));
        }
        services.note(id, noted);
        if (steady && !current.isSteady() && !current.isDraining() && (current.isPrimary() || !row.rollsByItself())
                && (workloads == 1 || !row.rollsByItself())) {
            events.say(id, current.id(), "has reached a steady state.");
        }
    }

    /// An older deployment, or a task set that was deleted, is over when its last task is.
    private static boolean isFinished(ServiceRow row, Crew crew) {
        boolean leaving = row.rollsByItself() ? !crew.workload().isPrimary() : crew.workload().isDraining();
        return leaving && crew.isGone();
    }

    private Instant nextLook(ServiceRow row, List<Crew> crews) {
        boolean steady = row.isActive() && crews.stream().allMatch(crew -> ServiceDecision.isSteady(crew.workload().desired(), crew.members()));
        Instant look = time.now().plus(atLeast(time.paced(steady ? LOOK_WHILE_STEADY : LOOK_WHILE_UNSTEADY), SHORTEST_LOOK));
        List<Instant> moments = new ArrayList<>(List.of(look));
        crews.stream().map(this::retryAt).filter(moment -> moment.isAfter(time.now())).forEach(moments::add);
        return moments.stream().min(Comparator.naturalOrder()).orElse(look);
    }

    private Next inactive(ServiceId id, ServiceRow row) {
        Instant forgetAt = row.goneAt() == null ? time.now() : row.goneAt().plus(VISIBLE);
        if (time.now().isBefore(forgetAt)) {
            return Next.at(forgetAt);
        }
        store.transact(() -> {
            services.forget(id);
            events.forget(id);
        });
        return Next.done();
    }
}
