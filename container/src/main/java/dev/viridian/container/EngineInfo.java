package dev.viridian.container;

/// @param name what the engine calls itself, for example `Docker Engine` or `Podman Engine`
/// @param endpoint where it was found, for example `unix:///var/run/docker.sock`
/// @param apiVersion the API version both sides speak
/// @param sharesHostNetwork whether addresses of containers can be reached from this process; otherwise only published ports can
public record EngineInfo(String name, String version, String apiVersion, String endpoint, String os, String architecture, int cpus,
                         long memoryBytes, boolean sharesHostNetwork) {}
