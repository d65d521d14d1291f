/// The one place that reads the clock.
///
/// Three nouns: [Time] (what everybody is given), [SystemTime] (the real clock, optionally *paced* so that waits configured in AWS terms pass
/// faster while timestamps stay real) and [VirtualTime] (for tests: jumps to the next due moment).
@NullMarked
package dev.viridian.engine.time;

import org.jspecify.annotations.NullMarked;
