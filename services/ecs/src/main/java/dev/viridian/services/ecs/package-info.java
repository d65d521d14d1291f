/// Amazon ECS: keeps the asked-for number of tasks running, in containers, behind target groups.
///
/// Nouns to know: a [TaskRow] is one task with everything needed to start and end it; a [Workload] is one version of a service's tasks (shown as a
/// *deployment* when the service's controller is ECS, as a *task set* when it is CODE_DEPLOY or EXTERNAL); a [ServiceRow] is the service.
///
/// Two loops do everything that waits. [ServiceLoop] compares a service's workloads with its tasks and starts or stops tasks; [TaskLoop] leads one
/// task through its states. Both look at the tables and at the world (containers by label, target health), ask a pure decision
/// ([ServiceDecision], [TaskDecision]) and do one step. Nothing is settled by being read.
///
/// Differs from AWS: one machine carries everything, so each cluster has exactly one container instance, and Fargate tasks run on it too. Containers
/// get
/// the credentials of their task role as environment variables ([TaskCredentials]); there is no credentials or metadata endpoint. What a task asks
/// for
/// and would not get (secrets, EFS, FireLens and the like) keeps it from starting, with a reason ([UnsupportedSettings]).
///
/// Source: Amazon ECS API reference, <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/>.
@NullMarked
package dev.viridian.services.ecs;

import org.jspecify.annotations.NullMarked;
