/// Durable waiting and acting: a due row per thing to be done, a handler per kind of thing.
///
/// Three nouns: [Work] (the rows and the loop over them), [Handler] (one short, idempotent step), [Next] (what the step says comes after it).
/// To wait is to return [Next#at]; a crash loses nothing, because the row is still there.
@NullMarked
package dev.viridian.engine.work;

import org.jspecify.annotations.NullMarked;
