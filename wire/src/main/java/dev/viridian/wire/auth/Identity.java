package dev.viridian.wire.auth;

import dev.viridian.aws.Principal;
import java.util.Optional;

/// Who a request turned out to come from.
///
/// @param region from the credential scope
/// @param chunks with which the chunks of a body in signed pieces are verified; empty when signatures are not checked
public record Identity(Principal principal, String account, String region, Optional<ChunkSeed> chunks) {

    /// The start of a chain of chunk signatures.
    public record ChunkSeed(byte[] signingKey, String stamp, Scope scope, String signature) {}
}
