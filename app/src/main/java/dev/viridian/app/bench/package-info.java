/// Measures the load balancer beside Debian's nginx and HAProxy: `viridian bench lb`.
///
/// Three nouns: a [dev.viridian.app.bench.Contender] (one of the three proxies, in a process of its own with settings equal to the others'), a
/// [dev.viridian.app.bench.Workload] (what is asked of it), a [dev.viridian.app.bench.Report] (what was found, as medians over rounds). In each round
/// all contenders are driven one after the other, so that what else happens on the machine meets all of them; the figure to trust is CPU time per
/// request as a ratio to another contender of the same run.
@NullMarked
package dev.viridian.app.bench;

import org.jspecify.annotations.NullMarked;
