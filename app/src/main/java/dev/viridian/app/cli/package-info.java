/// The command line: `viridian up`, `env`, `status`, `doctor`, `demo`.
@NullMarked
package dev.viridian.app.cli;

import org.jspecify.annotations.NullMarked;
