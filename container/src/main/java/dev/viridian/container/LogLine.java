package dev.viridian.container;

import java.time.Instant;

/// One line of a container's output, without its line end.
///
/// @param at when the engine received it, to the nanosecond; grows along one container's log and serves as the place to resume from
public record LogLine(Instant at, Stream stream, String text) {
    public enum Stream { STDOUT, STDERR }
}
