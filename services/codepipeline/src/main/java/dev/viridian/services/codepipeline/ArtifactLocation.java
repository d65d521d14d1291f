package dev.viridian.services.codepipeline;

/// Where an artifact's zip lies in the pipeline's artifact bucket.
record ArtifactLocation(String bucket, String key) {}
