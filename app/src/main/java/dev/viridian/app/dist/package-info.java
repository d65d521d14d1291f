/// Makes what was built start fast: [Dist] once goes over the jars, [Training] shows the JVM what a start needs so that it keeps it in an AOT cache.
///
/// Nothing here is needed to run; without it everything works and starts a few times slower.
@NullMarked
package dev.viridian.app.dist;

import org.jspecify.annotations.NullMarked;
