package dev.viridian.services.iam;

/// The policy a resource carries itself.
///
/// @param document its text
/// @param owner the account the resource belongs to, which not every ARN tells
public record ResourcePolicy(String document, String owner) {}
