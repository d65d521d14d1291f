/// The command line: `viridian up`, `env`, `status`, `lb top`, `bench lb`, `doctor`, `demo`.
@NullMarked
package dev.viridian.app.cli;

import org.jspecify.annotations.NullMarked;
