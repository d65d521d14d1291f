/// Serves any client interface of the AWS SDK over HTTP, in whatever protocol its service speaks. Knows no service.
///
/// Three nouns: [Wire] (the Jetty handler), `Endpoint` (one served service, whose operations are linked on first use) and `Route` (which operation a
/// request means, found by target, action, path, host and credential scope).
@NullMarked
package dev.viridian.wire;

import org.jspecify.annotations.NullMarked;
