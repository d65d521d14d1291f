/// The arithmetic and the configurations of `viridian bench lb`; that it runs is seen by running it.
@NullMarked
package dev.viridian.app.bench;

import org.jspecify.annotations.NullMarked;
