/// What makes state survive and time obey: [dev.viridian.engine.store], [dev.viridian.engine.work], [dev.viridian.engine.time],
/// [dev.viridian.engine.lifecycle].
@NullMarked
package dev.viridian.engine;

import org.jspecify.annotations.NullMarked;
