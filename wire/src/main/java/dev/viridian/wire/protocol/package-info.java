/// AWS's wire protocols: how an operation's input, output and errors look as bytes.
///
/// [Protocol] is the seam; one class per protocol implements it over the generic shapes of `dev.viridian.aws.shapes`.
@NullMarked
package dev.viridian.wire.protocol;

import org.jspecify.annotations.NullMarked;
