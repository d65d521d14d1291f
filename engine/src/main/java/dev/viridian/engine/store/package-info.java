/// Durable tables of versioned records: what is acknowledged is on disk, and survives `kill -9`.
///
/// Three nouns: [Store] (transactions), [Table] (records by key), [Change] (what happened to a row, in order). Values are written as JSON by the
/// mapper the assembly supplies, so that records may contain whatever that mapper knows.
@NullMarked
package dev.viridian.engine.store;

import org.jspecify.annotations.NullMarked;
