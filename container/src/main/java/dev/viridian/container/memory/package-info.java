/// Containers that are only rehearsed: no processes, no engine, everything in this JVM's memory and on the caller's thread.
///
/// [InMemoryRuntime] keeps the promises of [dev.viridian.container.ContainerRuntime] (the same contract suite holds for it); what a container does is
/// told by the [Program] given for its image, which drives a [ScriptedProcess]. Delays go through the given clock, so that with
/// `VirtualTime` an hour of health checks passes when the test says so.
@NullMarked
package dev.viridian.container.memory;

import org.jspecify.annotations.NullMarked;
