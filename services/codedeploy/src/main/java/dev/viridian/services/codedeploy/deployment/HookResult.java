package dev.viridian.services.codedeploy.deployment;

/// What a validation function reported.
public enum HookResult { SUCCEEDED, FAILED }
