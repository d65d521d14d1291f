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
/// - `translation`: HTTP/2 in the words of HTTP/1.1, and back
/// - `tls`: certificates and handshakes
/// - `health`: how targets are, and how that is found out
/// - `log`: what is noted of requests and connections
///
/// What is here, by what one may be looking for:
///
/// - the whole: [Proxy], [ProxyOptions], [Limits], [Binding]; what it keeps from one snapshot to the next: [Registry], [Drains],
///   [UnhealthyTargets], [Probes], [Readings]
/// - loops: [Loops], [Loop], [Backlog], [Admission], [Outlet], [ReadSizes], [KernelPipe], [MendedEpoll], [KnownHandlers]
/// - sockets: [Sockets], [PortSocket], [PortKey], [Resets], [TcpProgress]
/// - a snapshot, compiled: [Routing], [PortRoute], [ListenerRoute], [ActionRoute], [Forwarder], [GroupRoute], [StickyCookies], [SourceHash]
/// - targets: [TargetState], [TargetOnLoop]
/// - one exchange: [Exchange], between a [ClientSide] and a [TargetSide], by a [Relay]; with a [RequestFlow], a [Dispatch] and an [Attempt] in several [Tries]
/// - over HTTP/1.1: [ClientConnection], [ClientAddress], [Inlet], [HeadFinder], [UpstreamConnection], [AnswerFinder], [ResponseRelay]
/// - over HTTP/2: [Http2Endpoint], [Http2Frames], [Http2Limits], [Http2ClientConnection], [Http2ClientStream], [Http2Relay],
///   [Http2TargetConnection], [Http2TargetStream]
/// - with functions: [FunctionTargets], [FunctionCall], [FunctionAnswers], [FunctionProbe]
/// - passed through: [PassThrough], [Tunnel], [ProxyHeader]
/// - heads that are written: [RequestWriter], [TraceHeader], [TlsHeaders]; [AnswerHead], [ResponseWriter], [AnswerHeaders]; [OwnAnswer], [Redirects]
/// - counters: [Cells], [ListenerState], [TargetCounters], [FlowCounters]; readings of them: [Traffic], [Histogram], [FlowTraffic]
/// - logs: [LogQueue], [LoopLog], [ExchangeLog], [RefusedRequests], [RequestTexts], [LoggedConnections], [ConnectionLogHandler], [FlowLogHandler]
@NullMarked
package dev.viridian.proxy;

import org.jspecify.annotations.NullMarked;
