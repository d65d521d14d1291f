package dev.viridian.services.iam;

import dev.viridian.aws.Principal;

/// Whom a git user name and password belong to.
public record GitLogin(Principal principal, String account) {}
