package dev.viridian.registry;

import java.io.IOException;

/// The disk below the registry failed.
public final class RegistryFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    RegistryFailure(String attempted, IOException cause) {
        super("Could not " + attempted + ": " + cause.getMessage(), cause);
    }
}
