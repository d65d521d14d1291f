/// A strict reader of HTTP/1.1 message heads and chunked bodies, on bytes and without making strings.
///
/// Three nouns: [RequestHead] and [ResponseHead] (where the parts of a message lie within the bytes they were read from) and [ChunkScanner] (follows
/// a chunked body as it passes). A head is an index over the reader's scratch array: it is overwritten by the next one that is read, so nothing of
/// it may be kept.
///
/// What is malformed is refused, never repaired: a message that two readers could understand differently is how requests are smuggled.
/// Source: RFC 9110, RFC 9112.
@NullMarked
package dev.viridian.proxy.http;

import org.jspecify.annotations.NullMarked;
