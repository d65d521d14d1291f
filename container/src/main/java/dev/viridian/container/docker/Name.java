package dev.viridian.container.docker;

/// An image name, split where the engine's API wants it split.
///
/// @param repository everything before tag or digest, registry host included
/// @param version tag or digest; `latest` when none was given
record Name(String repository, String version) {
    static Name of(String reference) {
        int at = reference.indexOf('@');
        if (at >= 0) {
            return new Name(reference.substring(0, at), reference.substring(at + 1));
        }
        int colon = reference.lastIndexOf(':');
        // a colon before the last slash belongs to the registry's port
        boolean tagged = colon > reference.lastIndexOf('/');
        return tagged ? new Name(reference.substring(0, colon), reference.substring(colon + 1)) : new Name(reference, "latest");
    }
}
