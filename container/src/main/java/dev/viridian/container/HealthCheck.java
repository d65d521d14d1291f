package dev.viridian.container;

import java.time.Duration;
import java.util.List;

/// A command the engine runs inside the container again and again; exit code 0 means healthy.
///
/// @param command `CMD` and arguments, or `CMD-SHELL` and one line for the image's shell
/// @param retries how many failures in a row make it unhealthy
/// @param startPeriod failures in this time after the start do not count
public record HealthCheck(List<String> command, Duration interval, Duration timeout, int retries, Duration startPeriod) {
    public HealthCheck {
        command = List.copyOf(command);
    }
}
