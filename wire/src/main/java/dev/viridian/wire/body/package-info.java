/// Request bodies as AWS's clients send them: whole, gzipped, or in `aws-chunked` coding with signatures and trailing checksums, verified as they
/// flow.
@NullMarked
package dev.viridian.wire.body;

import org.jspecify.annotations.NullMarked;
