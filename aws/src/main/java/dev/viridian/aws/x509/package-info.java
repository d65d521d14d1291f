/// Server certificates as people bring them: PEM read strictly, and leaf, chain and key held to belong together. What is wrong is said as a [Flaw], for
/// each service to tell in its own words.
@NullMarked
package dev.viridian.aws.x509;

import org.jspecify.annotations.NullMarked;
