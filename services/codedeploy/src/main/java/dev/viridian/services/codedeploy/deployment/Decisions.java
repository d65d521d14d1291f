package dev.viridian.services.codedeploy.deployment;

import dev.viridian.engine.Decision;
import dev.viridian.services.codedeploy.appspec.AppSpec;
import dev.viridian.services.codedeploy.deployment.Observed.Readiness;
import dev.viridian.services.codedeploy.deployment.Terms.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What to do next with a deployment. Pure: the same deployment, the same observation and the same moment give the same plan.
@Decision
final class Decisions {
    private static final Plan WAIT = new Plan.Wait();

    private Decisions() {}

    /// An alarm outranks everything else: traffic must be back on blue before anything is waited for.
    static Plan decide(Deployment deployment, Observed observed, Instant now) {
        Optional<Plan> interruption = interruption(deployment, observed);
        if (interruption.isPresent()) {
            return interruption.get();
        }
        return switch (deployment.phase()) {
            case CREATED -> begin(deployment, observed);
            case BEFORE_INSTALL, BEFORE_ALLOW_TRAFFIC -> hook(deployment, now, Event.PASSED);
            case INSTALL -> install(deployment, observed, now);
            case AFTER_INSTALL -> hook(deployment, now, deployment.terms().hasTestRoute() ? Event.TEST_ROUTED : towardsProduction(deployment));
            case ALLOW_TEST_TRAFFIC -> new Plan.RouteTest();
            case AFTER_ALLOW_TEST_TRAFFIC -> hook(deployment, now, towardsProduction(deployment));
            case READY -> ready(deployment, now);
            case ALLOW_TRAFFIC -> shift(deployment, observed.fleet(), now);
            case AFTER_ALLOW_TRAFFIC -> hook(deployment, now, deployment.terms().terminationWait().isPresent() ? Event.PASSED : Event.BLUE_KEPT);
            case TERMINATION_WAIT -> deployment.signals().terminateNow() || isOver(deployment, now) ? new Plan.Go(Event.PASSED) : WAIT;
            case TERMINATING_BLUE -> new Plan.TerminateBlue();
            case RETURNING_TRAFFIC -> canReturn(deployment, observed.fleet()) ? new Plan.ReturnTraffic() : new Plan.EndWithoutReturn();
            case RESTORING_BLUE -> restore(deployment, observed.fleet());
            case REMOVING_GREEN -> observed.fleet().greenIsAlive() ? new Plan.RemoveGreen() : new Plan.Go(Event.PASSED);
            case SUCCEEDED, FAILED, STOPPED -> WAIT;
        };
    }

    /// What an error that will not pass by itself means in each phase. A deployment that cannot put traffic back still ends; its rollback
    /// deployment tries once more and says itself why it could not.
    static Plan afterFault(Deployment deployment, Fault fault) {
        if (deployment.phase() == Phase.RETURNING_TRAFFIC) {
            return new Plan.EndWithoutReturn();
        }
        return deployment.phase().canBeInterrupted() ? end(deployment, Cause.FAILURE, fault) : new Plan.GiveUp(fault);
    }

    private static Optional<Plan> interruption(Deployment deployment, Observed observed) {
        if (!deployment.phase().canBeInterrupted() || deployment.rollsBackAnother()) {
            return Optional.empty();
        }
        return switch (observed.alarms()) {
            case Alarms.Active(var names) -> Optional.of(end(deployment, Cause.ALARM, Fault.alarms(names)));
            case Alarms.Unreadable(var fault) when !deployment.terms().ignoreUnreadableAlarms() -> Optional.of(end(deployment, Cause.FAILURE, fault));
            case Alarms.Unreadable _, Alarms.Quiet _ -> deployment.signals().stop().map(_ -> end(deployment, Cause.REQUEST, Fault.stoppedByUser()));
        };
    }

    private static Plan end(Deployment deployment, Cause cause, Fault fault) {
        return new Plan.End(new Ending(cause != Cause.FAILURE, fault, rollsBack(deployment, cause)));
    }

    /// Who stops a deployment may say whether it rolls back; otherwise the group decides.
    private static boolean rollsBack(Deployment deployment, Cause cause) {
        return deployment.signals().stop()
                .filter(_ -> cause == Cause.REQUEST)
                .flatMap(Signals.Stop::rollBack)
                .orElse(deployment.terms().rollsBackOn(cause));
    }

    private static Plan begin(Deployment deployment, Observed observed) {
        if (deployment.rollsBackAnother()) {
            return new Plan.Go(Event.ROLLBACK_STARTED);
        }
        return switch (observed.readiness()) {
            case Readiness.Fit(AppSpec spec, Colors colors) -> new Plan.Start(spec, colors);
            case Readiness.Unfit(Fault fault) -> end(deployment, Cause.FAILURE, fault);
            case Readiness.NotAsked _ -> WAIT;
        };
    }

    /// A hook is called once and then has an hour; without one the event is over at once.
    private static Plan hook(Deployment deployment, Instant now, Event onwards) {
        String event = deployment.phase().event().orElseThrow();
        Optional<String> function = deployment.progress().spec().flatMap(spec -> spec.hook(event));
        if (function.isEmpty()) {
            return new Plan.Go(onwards);
        }
        HookResult result = deployment.signals().hookResults().get(event);
        if (result == HookResult.SUCCEEDED) {
            return new Plan.Go(onwards);
        }
        if (result == HookResult.FAILED) {
            return end(deployment, Cause.FAILURE, Fault.hookFailed());
        }
        if (deployment.progress().due().isEmpty()) {
            return new Plan.CallHook(event, function.get());
        }
        return isOver(deployment, now) ? end(deployment, Cause.FAILURE, Fault.hookSilent()) : WAIT;
    }

    private static Plan install(Deployment deployment, Observed observed, Instant now) {
        Fleet fleet = observed.fleet();
        if (!fleet.blueIsAlive()) {
            return end(deployment, Cause.FAILURE, Fault.taskSetGone("original"));
        }
        if (fleet.green().isPresent() && !fleet.greenIsAlive()) {
            return end(deployment, Cause.FAILURE, Fault.taskSetGone("replacement"));
        }
        if (fleet.green().filter(Fleet.Set::steady).isPresent()) {
            return new Plan.Go(Event.PASSED);
        }
        if (isOver(deployment, now)) {
            return end(deployment, Cause.FAILURE, Fault.notHealthyInTime());
        }
        return fleet.green().isPresent() ? WAIT : makeGreen(observed);
    }

    /// Leftovers are removed only when no production traffic can reach them any more.
    private static Plan makeGreen(Observed observed) {
        if (!observed.listenerPrepared()) {
            return new Plan.PrepareListener();
        }
        return observed.fleet().leftovers().isEmpty() ? new Plan.CreateGreen() : new Plan.RemoveLeftovers(observed.fleet().leftovers());
    }

    private static Event towardsProduction(Deployment deployment) {
        return deployment.terms().readyWait().isPresent() ? Event.HELD : Event.PASSED;
    }

    private static Plan ready(Deployment deployment, Instant now) {
        if (deployment.signals().continued()) {
            return new Plan.Go(Event.CONTINUED);
        }
        if (!isOver(deployment, now)) {
            return WAIT;
        }
        // AWS shows this as Stopped although nobody stopped it; it counts as a failure when the group decides about rolling back.
        long minutes = deployment.terms().readyWait().map(Duration::toMinutes).orElse(0L);
        return new Plan.End(new Ending(true, Fault.notContinuedInTime(minutes), rollsBack(deployment, Cause.FAILURE)));
    }

    private static Plan shift(Deployment deployment, Fleet fleet, Instant now) {
        if (!fleet.greenIsAlive()) {
            return end(deployment, Cause.FAILURE, Fault.taskSetGone("replacement"));
        }
        boolean steady = fleet.green().filter(Fleet.Set::steady).isPresent();
        Optional<Instant> unsteadyUntil = deployment.progress().unsteadyUntil();
        if (steady == unsteadyUntil.isPresent()) {
            return steady ? new Plan.NoteSteady() : new Plan.NoteUnsteady();
        }
        if (unsteadyUntil.filter(limit -> !now.isBefore(limit)).isPresent()) {
            return end(deployment, Cause.FAILURE, Fault.unsteady());
        }
        if (deployment.progress().split().isAllGreen()) {
            return new Plan.PromoteGreen();
        }
        boolean stepIsDue = deployment.progress().due().isEmpty() || isOver(deployment, now);
        return stepIsDue ? new Plan.Shift(deployment.terms().routing().after(deployment.progress().split())) : WAIT;
    }

    private static Plan restore(Deployment deployment, Fleet fleet) {
        if (deployment.colors().isEmpty()) {
            return new Plan.Go(Event.PASSED);
        }
        return fleet.blueIsAlive() ? new Plan.RestoreBlue() : new Plan.GiveUp(Fault.taskSetGone("original"));
    }

    /// A deployment that ended before it knew blue from green has moved nothing.
    private static boolean canReturn(Deployment deployment, Fleet fleet) {
        return deployment.colors().isEmpty() || fleet.blueIsAlive();
    }

    private static boolean isOver(Deployment deployment, Instant now) {
        return deployment.progress().due().filter(due -> !now.isBefore(due)).isPresent();
    }
}
