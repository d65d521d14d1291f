/// Our own certificate authority, made at the first start and constrained to the names we stand in for, and certificates issued per name asked for.
@NullMarked
package dev.viridian.app.tls;

import org.jspecify.annotations.NullMarked;
