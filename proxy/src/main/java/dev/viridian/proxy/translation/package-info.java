/// Messages of HTTP/2 in the words of HTTP/1.1, and back.
///
/// Two nouns: [Http2Head] (headers of HTTP/2 written down as the head HTTP/1.1 would send, so that one reader judges both) and [Http2Lines] (the
/// reverse, for heads we have written ourselves). [GrpcStatus] says the same of our own answers to clients of gRPC.
///
/// It is a room of its own because a translation needs nothing but the message. Connections and streams of HTTP/2, their windows, floods and
/// endings, belong to a loop and are where the other connections are (`Http2Endpoint` and what extends it).
@NullMarked
package dev.viridian.proxy.translation;

import org.jspecify.annotations.NullMarked;
