/// How targets are, and how that is found out.
///
/// Three nouns: [TargetHealth] (how one target is, and why; told to every [HealthWatcher]), [HealthChecks] (who is asked, how often, and what
/// follows from the answers) and [HealthProbe] (asks one target once, on an event loop). The counting between answers and health is a
/// [HealthTrack]'s, one per target.
///
/// It is a room of its own because no request passes through it: the rest of the proxy looks at a track when the health has changed, not when it
/// chooses a target. What a target is beyond its health, on which loop it is asked and how a connection to it begins, is known outside
/// ([HealthChecks.Outside]). Targets that have no address are asked there too, the same [HealthQuestion].
@NullMarked
package dev.viridian.proxy.health;

import org.jspecify.annotations.NullMarked;
