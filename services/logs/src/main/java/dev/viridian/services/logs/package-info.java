/// CloudWatch Logs: groups, streams and their lines, which outlive the tasks and builds that wrote them.
///
/// Three nouns: [Group] (name, retention, tags), [Stream] (who writes, and how far it has come) and [Segment] (some kilobytes of consecutive lines,
/// the unit in which lines are stored). Lines are durable when PutLogEvents returns.
///
/// Different from AWS: nothing is indexed with a delay; there are no Insights queries, no live tail (an event stream) and no metric or subscription
/// filters.
@NullMarked
package dev.viridian.services.logs;

import org.jspecify.annotations.NullMarked;
