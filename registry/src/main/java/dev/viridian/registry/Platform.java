package dev.viridian.registry;

/// What machine an image is for, in the words of Go: `linux`, `amd64`.
public record Platform(String os, String architecture) {
    public static final Platform LINUX_AMD64 = new Platform("linux", "amd64");
}
