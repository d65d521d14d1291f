/// Access, connection and health check logs: what the proxy noted becomes AWS's lines, which wait in files and go to a bucket every five configured minutes.
///
/// Three nouns: a [LogStream] (one kind of log of one load balancer on its way to one bucket), its [Spool] (the files its lines wait in) and an
/// [AccessLine] (how AWS writes one request). The way: loops put entries into the proxy's queue; four times a second, more often when much comes, [AccessLogs]
/// takes them out, formats them and appends them to the spool; a due row of `engine.work` sends each file that is complete, compressed, under a key
/// that follows from the file's name, and deletes it.
///
/// Promised: what was logged longer than a second before a crash reaches the bucket, once. A file that was being sent when the process died is sent
/// again under the same key with the same bytes. Not promised, as in AWS: that every request is logged. When the queue or the spool is full, entries
/// are dropped, counted, and said so in the server's log.
///
/// Different from AWS: a load balancer has one node, so there is one object per interval (more when there is much traffic).
///
/// @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html">Access logs</a>
/// @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html">Connection logs</a>
/// @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html">Health check logs</a>
/// @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html">Access logs of network load balancers</a>
@NullMarked
package dev.viridian.services.elbv2.logs;

import org.jspecify.annotations.NullMarked;
