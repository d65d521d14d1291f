/// What a log may want to know of requests and connections, as values that leave the event loops.
///
/// Five nouns: a [RequestLog] (one request that has ended), a [FlowLog] (one flow that was passed through), a [ConnectionLog] (one connection that was
/// established, or was not), the [LoggedConnection] they speak of, and a [HealthLog] (one time a target was asked how it is). Nothing here is text of a particular log format: whoever reads the [dev.viridian.proxy.LogQueue] writes lines.
@NullMarked
package dev.viridian.proxy.log;

import org.jspecify.annotations.NullMarked;
