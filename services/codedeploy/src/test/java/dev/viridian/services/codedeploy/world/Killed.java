package dev.viridian.services.codedeploy.world;

/// The process ends here. An error, so that nobody along the way takes it for a failure to be retried.
public final class Killed extends Error {
    private static final long serialVersionUID = 1;
}
