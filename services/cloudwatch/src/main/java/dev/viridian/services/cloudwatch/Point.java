package dev.viridian.services.cloudwatch;

/// The samples of one metric in one unit in one span of time.
///
/// @param start epoch milliseconds at which the span begins; its length is that of the [Tier] it lies in
/// @param unit as AWS names it, e.g. `Count`; `None` when nobody said
record Point(long start, String unit, Distribution samples) {}
