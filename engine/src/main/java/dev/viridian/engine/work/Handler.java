package dev.viridian.engine.work;

/// One step of a reconcile loop: look at the world, decide, act once, say when to be called again.
///
/// It may be called at any time, more than once, and after a crash in the middle of an earlier call: each act must first ask "is it already
/// so?". Two calls for the same key never overlap. An exception is logged with the key and the step is tried again with growing pauses.
@FunctionalInterface
public interface Handler {
    Next run(String key) throws Exception;
}
