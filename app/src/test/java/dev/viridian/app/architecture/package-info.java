/// Tests that look at the code instead of running it: who may know whom ([dev.viridian.app.architecture.ArchitectureTest]), what decisions may touch
/// ([dev.viridian.app.architecture.PureDecisionsTest]) and whether what is written down is true ([dev.viridian.app.architecture.TidyTest]).
@NullMarked
package dev.viridian.app.architecture;

import org.jspecify.annotations.NullMarked;
