package dev.viridian.services.codebuild;

import java.net.URI;
import java.util.Map;

/// How the world looks from inside a build's container.
///
/// @param endpoint where this server's AWS APIs answer; becomes `AWS_ENDPOINT_URL`
/// @param extraHosts names to addresses for `/etc/hosts`; the address `host-gateway` means the engine's host
/// @param certificateAuthority PEM of an authority that builds shall trust besides the public ones; empty for none
/// @param capacity how many builds may run at once; others wait in QUEUED
public record BuildEnvironment(URI endpoint, Map<String, String> extraHosts, String certificateAuthority, int capacity) {
    public BuildEnvironment {
        extraHosts = Map.copyOf(extraHosts);
        if (capacity < 1) {
            throw new IllegalArgumentException("at least one build must be able to run, got capacity " + capacity);
        }
    }
}
