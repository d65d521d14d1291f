/// What the load balancer is told: one immutable [RoutingSnapshot] at a time.
///
/// Three nouns: a [Listener] (where clients connect, and which [Rule]s decide), a [TargetGroup] (who answers) and an [Action] (what a rule does with
/// a request). Everything is a value: a change is a new snapshot, exchanged in one step by `Proxy.apply`.
@NullMarked
package dev.viridian.proxy.routing;

import org.jspecify.annotations.NullMarked;
