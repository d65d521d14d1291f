/// The command line: `viridian up`, `env`, `status`, `lb top`, `doctor`, `demo`.
@NullMarked
package dev.viridian.app.cli;

import org.jspecify.annotations.NullMarked;
