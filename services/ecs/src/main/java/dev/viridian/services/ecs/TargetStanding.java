package dev.viridian.services.ecs;

/// What a load balancer thinks of a target. A group nobody forwards to does not check its targets; they count as good, because no check can ever
/// say otherwise.
///
/// @param description the load balancer's own words, such as `Health checks failed with these codes: [502]`
record TargetStanding(Kind kind, String description) {
    enum Kind { GOOD, UNPROVEN, BAD }
}
