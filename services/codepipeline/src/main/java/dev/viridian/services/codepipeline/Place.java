package dev.viridian.services.codepipeline;

/// Where an execution stands.
enum Place {
    /// In front of its stage, waiting to be let in.
    INBOUND,
    /// Inside its stage, holding the stage's lock.
    INSIDE,
    /// Nowhere any more.
    ENDED
}
