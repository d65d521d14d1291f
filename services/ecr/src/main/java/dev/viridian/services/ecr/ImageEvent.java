package dev.viridian.services.ecr;

import java.time.Instant;
import java.util.Optional;

/// An image came or went. Kept for a week.
///
/// @param id unique; a follower that is told twice sees it twice
/// @param tag absent for images pushed or deleted by digest alone
/// @param callerArn who did it
public record ImageEvent(String id, Action action, String account, String region, String repository, String digest, Optional<String> tag,
        String mediaType,
        Optional<String> artifactType, String callerArn, Instant at) {

    public enum Action { PUSH, DELETE }
}
