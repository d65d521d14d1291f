package dev.viridian.services.codedeploy.deployment;

import dev.viridian.engine.time.Time;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.codedeploy.model.ECSTaskSet;

/// Carries plans out. The act comes first and may be repeated; what it brought about is recorded afterwards, together with the move. A crash in
/// between repeats the act.
final class Acts {
    private static final Consumer<Progress.Draft> NOTHING_MORE = draft -> {};

    private final Deployments deployments;
    private final TaskSets taskSets;
    private final Listeners listeners;
    private final HookInvoker hooks;
    private final Time time;

    Acts(Deployments deployments, TaskSets taskSets, Listeners listeners, HookInvoker hooks, Time time) {
        this.deployments = deployments;
        this.taskSets = taskSets;
        this.listeners = listeners;
        this.hooks = hooks;
        this.time = time;
    }

    /// False when there is nothing to do now.
    boolean perform(Deployment deployment, Plan plan, Observed observed) {
        switch (plan) {
            case Plan.Wait() -> {
                troubleIsOver(deployment);
                return false;
            }
            case Plan.Go(Event event) -> move(deployment, event, observed.fleet(), NOTHING_MORE);
            case Plan.Start(var spec, var colors) -> move(deployment, Event.STARTED, observed.fleet(), draft -> {
                draft.spec = spec;
                draft.colors = colors;
            });
            case Plan.CallHook(String event, String function) -> callHook(deployment, event, function);
            case Plan.PrepareListener() -> divide(deployment, TrafficSplit.ALL_BLUE);
            case Plan.RemoveLeftovers(var sets) -> sets.forEach(set -> taskSets.remove(deployment.order().service(), set));
            case Plan.CreateGreen() -> taskSets.createGreen(deployment, deployment.progress().spec().orElseThrow(), colors(deployment));
            case Plan.RouteTest() -> routeTest(deployment, observed);
            case Plan.Shift(TrafficSplit to) -> shift(deployment, to, observed.fleet());
            case Plan.PromoteGreen() -> promoteGreen(deployment, observed.fleet());
            case Plan.NoteUnsteady() -> deployments.note(deployment, draft -> draft.unsteadyUntil = time.deadline(Limits.UNSTEADY));
            case Plan.NoteSteady() -> deployments.note(deployment, draft -> draft.unsteadyUntil = null);
            case Plan.TerminateBlue() -> terminateBlue(deployment, observed.fleet());
            case Plan.End(Ending ending) -> end(deployment, ending, observed.fleet());
            case Plan.ReturnTraffic() -> returnTraffic(deployment, observed.fleet());
            case Plan.EndWithoutReturn() -> move(deployment, ending(deployment).event(), observed.fleet(), NOTHING_MORE);
            case Plan.RestoreBlue() -> restoreBlue(deployment, observed.fleet());
            case Plan.RemoveGreen() -> removeGreen(deployment, observed.fleet());
            case Plan.GiveUp(Fault fault) -> move(
                    deployment, Event.FAILED, observed.fleet(), draft -> draft.ending = new Ending(false, fault, false));
        }
        return true;
    }

    private void troubleIsOver(Deployment deployment) {
        if (deployment.progress().troubleUntil().isPresent()) {
            deployments.note(deployment, draft -> draft.troubleUntil = null);
        }
    }

    /// The hour begins with the call. A result that arrives before it is recorded is not lost: results lie among the signals.
    private void callHook(Deployment deployment, String event, String function) {
        String executionId = deployment.hookExecutionId(event);
        hooks.invoke(function, "{\"DeploymentId\":\"" + deployment.id() + "\",\"LifecycleEventHookExecutionId\":\"" + executionId + "\"}");
        deployments.note(deployment, draft -> draft.due = time.deadline(Limits.HOOK));
    }

    private void routeTest(Deployment deployment, Observed observed) {
        Colors colors = colors(deployment);
        deployment.order().testListener().ifPresent(listener -> listeners.pointTo(listener, colors, colors.green()));
        move(deployment, Event.PASSED, observed.fleet(), NOTHING_MORE);
    }

    private void shift(Deployment deployment, TrafficSplit to, Fleet fleet) {
        divide(deployment, to);
        deployments.note(deployment, draft -> {
            draft.split = to;
            draft.due = time.deadline(deployment.terms().routing().interval());
            draft.taskSets = views(deployment, fleet, to, draft.taskSets);
        });
    }

    private void promoteGreen(Deployment deployment, Fleet fleet) {
        fleet.green().ifPresent(green -> taskSets.promote(deployment.order().service(), green));
        move(deployment, Event.PASSED, taskSets.fleet(deployment), NOTHING_MORE);
    }

    private void terminateBlue(Deployment deployment, Fleet fleet) {
        fleet.blue().ifPresent(blue -> taskSets.remove(deployment.order().service(), blue));
        move(deployment, Event.PASSED, fleet, NOTHING_MORE);
    }

    private void end(Deployment deployment, Ending ending, Fleet fleet) {
        move(deployment, ending.rollsBack() ? Event.ROLLED_BACK : ending.event(), fleet, draft -> draft.ending = ending);
    }

    private void returnTraffic(Deployment deployment, Fleet fleet) {
        if (deployment.colors().isPresent()) {
            allToBlue(deployment);
        }
        move(deployment, ending(deployment).event(), fleet, draft -> draft.split = TrafficSplit.ALL_BLUE);
    }

    private void restoreBlue(Deployment deployment, Fleet fleet) {
        allToBlue(deployment);
        fleet.blue().ifPresent(blue -> taskSets.promote(deployment.order().service(), blue));
        move(deployment, Event.PASSED, taskSets.fleet(deployment), draft -> draft.split = TrafficSplit.ALL_BLUE);
    }

    private void removeGreen(Deployment deployment, Fleet fleet) {
        fleet.green().ifPresent(green -> taskSets.remove(deployment.order().service(), green));
        move(deployment, Event.PASSED, taskSets.fleet(deployment), NOTHING_MORE);
    }

    /// Production before the test listener: users come first.
    private void allToBlue(Deployment deployment) {
        divide(deployment, TrafficSplit.ALL_BLUE);
        Colors colors = colors(deployment);
        deployment.order().testListener().ifPresent(listener -> listeners.pointTo(listener, colors, colors.blue()));
    }

    private void divide(Deployment deployment, TrafficSplit split) {
        listeners.divide(deployment.order().productionListener(), colors(deployment), split);
    }

    private void move(Deployment deployment, Event event, Fleet fleet, Consumer<Progress.Draft> edit) {
        deployments.move(deployment, event, draft -> {
            edit.accept(draft);
            draft.taskSets = views(deployment, fleet, draft.split, draft.taskSets);
        });
    }

    /// A phase that did not look at the task sets knows no better than what was seen last.
    private static List<ECSTaskSet> views(Deployment deployment, Fleet fleet, TrafficSplit split, List<ECSTaskSet> lastSeen) {
        return deployment.colors().filter(_ -> !fleet.equals(Fleet.EMPTY)).map(colors -> TaskSetViews.of(fleet, colors, split)).orElse(lastSeen);
    }

    private static Ending ending(Deployment deployment) {
        return deployment.progress().ending().orElseThrow();
    }

    private static Colors colors(Deployment deployment) {
        return deployment.colors().orElseThrow();
    }
}
