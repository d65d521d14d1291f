/// The assembly: the one place that says `new` to services, connects what AWS connects privately, and serves it all on one port.
///
/// Three nouns: [dev.viridian.app.Settings] (what a person may choose), [dev.viridian.app.Wiring] (the world, built in one readable method),
/// [dev.viridian.app.Viridian] (the running whole, also for programs that embed it).
@NullMarked
package dev.viridian.app;

import org.jspecify.annotations.NullMarked;
