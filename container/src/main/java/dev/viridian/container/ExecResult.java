package dev.viridian.container;

/// What a finished command left: its exit code and all it wrote.
public record ExecResult(int exitCode, String stdout, String stderr) {}
