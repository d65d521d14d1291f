/// A load balancer anyone could use: HTTP/1.1, HTTP/2 and plain TCP in, weighted groups of targets out, no request lost while the routing changes.
///
/// Three nouns: [Proxy] (the running thing), `RoutingSnapshot` (what it is told, in package `routing`) and [Traffic] (what it has counted). The rule
/// that makes exchanges lossless is *claim, then send*: a request reads the snapshot and claims its target in one uninterrupted step on its event
/// loop, and is counted on that target until it ends. [Proxy#apply] returns when every loop has passed such a step boundary, so after it no request
/// can still claim under the old snapshot.
///
/// Listeners that speak TCP or TLS read nothing: a `PassThrough` claims a target for each connection, and a `Tunnel` carries bytes, ends and resets
/// between the two. What a group wants for its connections is in `routing.Flows`.
///
/// Here is the way of a request and of a connection, with all that its event loop ties together. What can be understood without the loop has a
/// package of its own, and none of these knows this one:
///
/// - `routing`: what the proxy is told
/// - `rules`: conditions and rewrites, compiled
/// - `http`: the reader of heads and bodies
/// - `tls`: certificates and handshakes
/// - `health`: how targets are, and how that is found out
/// - `log`: what is noted of requests and connections
@NullMarked
package dev.viridian.proxy;

import org.jspecify.annotations.NullMarked;
