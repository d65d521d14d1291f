/// Runs containers, and remembers nothing itself: whatever it made can be found again in the engine by its labels.
///
/// Nouns to know: [ContainerRuntime] (the engine, asked in wishes: "make it so"), [ContainerSpec] (what is wished for, under an *identity*) and
/// [ContainerState] (what there is). After a crash the caller wishes the same again and gets the earlier container instead of a second one.
///
/// Implementations: `dev.viridian.container.docker.DockerEngine` (any Docker-compatible engine) and
/// `dev.viridian.container.memory.InMemoryRuntime` (scripted, for tests and rehearsals). One contract suite holds for both.
@NullMarked
package dev.viridian.container;

import org.jspecify.annotations.NullMarked;
