package dev.viridian.engine.store;

/// One write, in the order of commits.
///
/// @param position grows with every change; a subscriber remembers the last one it has handled
/// @param deleted whether the row was removed rather than written
public record Change(long position, String table, String key, boolean deleted) {}
