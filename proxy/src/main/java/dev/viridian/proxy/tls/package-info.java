/// What the load balancer knows of TLS: which certificate a client is shown, and the contexts that handshakes are made with.
///
/// Three nouns: a [TlsHandshake] (put in front of a connection: it reads the client's first message, chooses and steps aside), [TlsContexts] (the
/// certificates behind one socket, by name) and the [TlsStock] (the contexts in use, kept from one routing to the next). What was agreed is left with the
/// connection as its [ClientTls].
///
/// It is a room of its own because it is entered once per connection: what carries requests and flows sees Netty's handler only. It knows
/// the values of package `routing` and nothing of loops, listeners' counters or targets: those are told by whoever puts the handshake in its place.
@NullMarked
package dev.viridian.proxy.tls;

import org.jspecify.annotations.NullMarked;
