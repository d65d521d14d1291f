package dev.viridian.services.codedeploy.deployment;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Work;
import dev.viridian.services.codedeploy.deployment.StateChange.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentLimitExceededException;

/// Owns the deployments: every change of one, and everything that must become true together with it, happens here in one transaction.
public final class Deployments {
    /// The kind of work whose handler is the [Reconciler].
    public static final String WORK = "codedeploy.deployment";

    private final Store store;
    private final Work work;
    private final Time time;
    private final Table<Deployment> deployments;
    private final Table<Listing> index;
    /// The deployment that runs in a group, by group id: AWS allows one.
    private final Table<String> active;
    private final Table<Latest> latest;
    private final Table<StateChange> facts;

    public Deployments(Store store, Work work, Time time) {
        this.store = store;
        this.work = work;
        this.time = time;
        this.deployments = store.table("codedeploy.deployments", Deployment.class);
        this.index = store.table("codedeploy.deployment-index", Listing.class);
        this.active = store.table("codedeploy.active-deployments", String.class);
        this.latest = store.table("codedeploy.latest-deployments", Latest.class);
        this.facts = store.table("codedeploy.events", StateChange.class);
    }

    public Optional<Deployment> find(String key) {
        return deployments.find(key);
    }

    /// In the current caller's account and region.
    public Optional<Deployment> byId(String id) {
        return find(Key.of(Caller.current().account(), Caller.current().region(), id));
    }

    /// All of the current caller's account and region, newest first.
    public List<Listing> list() {
        return index.list(Key.under(Caller.current().account(), Caller.current().region()));
    }

    public Optional<String> activeIn(String groupId) {
        return active.find(Key.of(Caller.current().account(), Caller.current().region(), groupId));
    }

    public Latest latest(String groupId) {
        return latest.find(Key.of(Caller.current().account(), Caller.current().region(), groupId)).orElse(Latest.NONE);
    }

    /// Accepts an order of the current caller.
    ///
    /// @throws DeploymentLimitExceededException when the group already has a deployment that has not ended
    public Deployment create(Order order) {
        return store.transact(() -> {
            Optional<String> running = activeIn(order.group().deploymentGroupId());
            if (running.isPresent()) {
                throw DeploymentLimitExceededException.builder()
                        .message("The Deployment Group '" + order.group().deploymentGroupName() + "' already has an active Deployment '"
                                + running.get() + "'")
                        .build();
            }
            return add(newDeployment(Caller.current().account(), Caller.current().region(), order));
        });
    }

    /// The id is random; in the unlikely case that it is taken, another is drawn.
    private Deployment newDeployment(String account, String region, Order order) {
        String id = "d-" + Ids.upper(9);
        return deployments.contains(Key.of(account, region, id))
                ? newDeployment(account, region, order)
                : new Deployment(account, region, id, order, begin(order), Signals.NONE);
    }

    private Progress begin(Order order) {
        boolean withTestRoute = order.testListener().isPresent();
        if (order.rollbackOf().isEmpty()) {
            return Progress.created(EventLog.pending(withTestRoute), time.now());
        }
        Progress.Draft draft = Progress.created(EventLog.ofRollback(withTestRoute), time.now()).draft();
        order.rollbackOf().ifPresent(rollback -> {
            draft.colors = rollback.colors().orElse(null);
            draft.split = rollback.split();
            draft.taskSets = rollback.taskSets();
        });
        return draft.finish(time.now());
    }

    private Deployment add(Deployment deployment) {
        active.put(groupKey(deployment), deployment.id());
        write(deployment);
        work.wake(WORK, deployment.key());
        return deployment;
    }

    /// Records what somebody asked of a running deployment, and lets the reconciler look at it at once.
    public Deployment signal(Deployment deployment, UnaryOperator<Signals> change) {
        return store.transact(() -> {
            Deployment signalled = deployments.update(deployment.key(), current -> current.with(change.apply(current.signals())));
            work.wake(WORK, deployment.key());
            return signalled;
        });
    }

    /// Writes down what was found out without a move.
    Deployment note(Deployment deployment, Consumer<Progress.Draft> edit) {
        return deployments.update(deployment.key(), current -> current.with(edited(current.progress(), edit)));
    }

    /// The move `event` brings about, with everything that becomes true with it.
    Deployment move(Deployment deployment, Event event, Consumer<Progress.Draft> edit) {
        return store.transact(() -> {
            Deployment moved = deployments.update(deployment.key(), current -> moved(current, event, edit));
            write(moved);
            fact(moved, event);
            return moved.phase().isFinal() ? ended(moved) : moved;
        });
    }

    private Deployment moved(Deployment current, Event event, Consumer<Progress.Draft> edit) {
        Instant now = time.now();
        Phase from = current.phase();
        Phase to = DeploymentLifecycle.TABLE.next(from, event);
        Progress.Draft draft = current.progress().draft();
        draft.due = null;
        draft.troubleUntil = null;
        edit.accept(draft);
        draft.phase = to;
        draft.events = draft.events.moved(from, to, Optional.ofNullable(draft.ending), now);
        draft.due = waitBegunBy(to, current.terms()).orElse(draft.due);
        draft.terminationWaitStarted |= to == Phase.TERMINATION_WAIT;
        if (from == Phase.CREATED && !to.isFinal()) {
            draft.started = now;
        }
        if (to.isFinal()) {
            draft.completed = now;
        }
        return current.with(draft.finish(now));
    }

    /// The waits that begin with a phase. Those of hooks and traffic steps begin with an act.
    private Optional<Instant> waitBegunBy(Phase phase, Terms terms) {
        return switch (phase) {
            case INSTALL -> Optional.of(time.deadline(Limits.INSTALL));
            case READY -> terms.readyWait().map(time::deadline);
            case TERMINATION_WAIT -> terms.terminationWait().map(time::deadline);
            default -> Optional.empty();
        };
    }

    private Progress edited(Progress progress, Consumer<Progress.Draft> edit) {
        Progress.Draft draft = progress.draft();
        edit.accept(draft);
        return draft.finish(time.now());
    }

    /// The group is free again, or belongs to the rollback at once.
    private Deployment ended(Deployment ended) {
        active.delete(groupKey(ended));
        return ended.progress().ending().filter(Ending::rollsBack).isPresent() ? rolledBack(ended) : ended;
    }

    /// The new deployment that takes `ended` back, and `ended` knowing of it.
    private Deployment rolledBack(Deployment ended) {
        Deployment rollback = add(newDeployment(ended.account(), ended.region(), Rollbacks.orderFor(ended, time.now())));
        return deployments.update(ended.key(), current -> current.with(edited(current.progress(), draft -> draft.rollbackId = rollback.id())));
    }

    /// The row itself and the tables derived from it.
    private void write(Deployment deployment) {
        deployments.put(deployment.key(), deployment);
        Order order = deployment.order();
        String position = newestFirst(order.created()) + deployment.id();
        index.put(
                Key.of(deployment.account(), deployment.region(), position),
                new Listing(position, deployment.id(), order.group().deploymentGroupId(), deployment.phase().status(), order.created()));
        latest.put(groupKey(deployment), latest.find(groupKey(deployment)).orElse(Latest.NONE).after(deployment));
    }

    private static String newestFirst(Instant created) {
        return String.format("%019d-", Long.MAX_VALUE - created.toEpochMilli());
    }

    private void fact(Deployment deployment, Event event) {
        stateReached(deployment.phase(), event).ifPresent(state -> facts.put(
                Key.of(deployment.account(), deployment.region(), deployment.id(), state.name()),
                new StateChange(
                        deployment.account(),
                        deployment.region(),
                        deployment.id(),
                        deployment.order().group().applicationName(),
                        deployment.order().group().deploymentGroupName(),
                        deployment.order().group().deploymentGroupId(),
                        state,
                        time.now())));
    }

    private static Optional<State> stateReached(Phase phase, Event event) {
        return switch (phase) {
            case READY -> Optional.of(State.READY);
            case SUCCEEDED -> Optional.of(State.SUCCESS);
            case FAILED -> Optional.of(State.FAILURE);
            case STOPPED -> Optional.of(State.STOP);
            default -> event == Event.STARTED || event == Event.ROLLBACK_STARTED ? Optional.of(State.START) : Optional.empty();
        };
    }

    private static String groupKey(Deployment deployment) {
        return Key.of(deployment.account(), deployment.region(), deployment.order().group().deploymentGroupId());
    }
}
