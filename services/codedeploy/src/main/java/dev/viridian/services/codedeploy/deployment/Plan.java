package dev.viridian.services.codedeploy.deployment;

import dev.viridian.services.codedeploy.appspec.AppSpec;
import java.util.List;

/// The next step of a deployment. Each is one act that may be repeated, recorded together with the move it brings about.
public sealed interface Plan {
    /// Until the deadline of the phase, a signal, or the next look around.
    record Wait() implements Plan {}

    /// Nothing to be done but to go on.
    record Go(Event event) implements Plan {}

    record Start(AppSpec spec, Colors colors) implements Plan {}

    record CallHook(String event, String function) implements Plan {}

    /// Production wholly on blue, green's group behind the listener with weight 0 so that its targets are health-checked.
    record PrepareListener() implements Plan {}

    record RemoveLeftovers(List<Fleet.Set> sets) implements Plan {}

    record CreateGreen() implements Plan {}

    record RouteTest() implements Plan {}

    record Shift(TrafficSplit to) implements Plan {}

    record PromoteGreen() implements Plan {}

    /// Green is not steady while it receives traffic: from now on it has five minutes.
    record NoteUnsteady() implements Plan {}

    record NoteSteady() implements Plan {}

    record TerminateBlue() implements Plan {}

    record End(Ending ending) implements Plan {}

    /// Traffic back on blue, then the end that was decided before.
    record ReturnTraffic() implements Plan {}

    /// As [ReturnTraffic], but blue is gone: the end, and traffic stays where somebody can serve it.
    record EndWithoutReturn() implements Plan {}

    record RestoreBlue() implements Plan {}

    record RemoveGreen() implements Plan {}

    /// Of a phase that cannot roll back.
    record GiveUp(Fault fault) implements Plan {}
}
