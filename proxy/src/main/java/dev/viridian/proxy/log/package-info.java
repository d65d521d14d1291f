/// What a log may want to know of requests and connections, as values that leave the event loops.
///
/// Four nouns: a [RequestLog] (one request that has ended), a [FlowLog] (one flow that was passed through), a [ConnectionLog] (one connection that was
/// established, or was not) and the [LoggedConnection] they speak of. Nothing here is text of a particular log format: whoever reads the [dev.viridian.proxy.LogQueue] writes lines.
@NullMarked
package dev.viridian.proxy.log;

import org.jspecify.annotations.NullMarked;
