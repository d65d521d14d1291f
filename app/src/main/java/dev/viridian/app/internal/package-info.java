/// Viridian's own few endpoints beside AWS's APIs: health, status, what load balancers do (as JSON and for Prometheus), reset.
@NullMarked
package dev.viridian.app.internal;

import org.jspecify.annotations.NullMarked;
