/// The live table of `viridian lb top`: what happened between two readings of a server's counters ([Happened]), as rows ([Row]), as text ([Sheet]).
@NullMarked
package dev.viridian.app.top;

import org.jspecify.annotations.NullMarked;
