/// Viridian's own few endpoints beside AWS's APIs: health, status, reset.
@NullMarked
package dev.viridian.app.internal;

import org.jspecify.annotations.NullMarked;
