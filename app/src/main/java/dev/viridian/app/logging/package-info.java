/// How log lines look and where they go.
@NullMarked
package dev.viridian.app.logging;

import org.jspecify.annotations.NullMarked;
