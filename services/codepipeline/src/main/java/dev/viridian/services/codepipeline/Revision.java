package dev.viridian.services.codepipeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a source action found.
///
/// @param artifact the output artifact that carries it
/// @param id commit id, or the version of an object
record Revision(String action, String artifact, String id, @Nullable String summary, @Nullable String url, Instant created) {}
