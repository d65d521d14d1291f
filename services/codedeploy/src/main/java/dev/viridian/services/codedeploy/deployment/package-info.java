/// One deployment from the request to its end: a durable state machine that observes the world, decides, and acts in single repeatable steps.
///
/// Three nouns: [Deployment] (what was ordered, how far it is, what people asked of it meanwhile), [Plan] (the next step, decided by
/// the pure [Decisions] from what was [Observed]) and [Reconciler] (the loop, called by `engine.work`). It survives any crash because every act asks
/// first whether it is already so: the replacement task set is found by its external id, weights are absolute.
///
/// Differs from AWS: the status is never `Queued` or `Baking`; alarms are polled every ten seconds.
///
/// Source: CodeDeploy user guide, "Deployments on an Amazon ECS compute platform"; CodeDeploy API reference.
@NullMarked
package dev.viridian.services.codedeploy.deployment;

import org.jspecify.annotations.NullMarked;
