package dev.viridian.registry;

import java.util.Optional;

/// A reference from a manifest to something else.
///
/// @param elsewhere whether the content may be fetched from somewhere else and so need not be here
/// @param platform for what an entry of an index is meant, if it says so
public record Descriptor(String mediaType, Digest digest, long size, boolean elsewhere, Optional<Platform> platform) {}
