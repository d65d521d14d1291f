/// The gate before every service.
@NullMarked
package dev.viridian.app.access;

import org.jspecify.annotations.NullMarked;
