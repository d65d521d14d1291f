package dev.viridian.container.gateway;

import dev.viridian.container.Images.RegistryLogin;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/// The registries whose images go through us instead of through the engine.
public interface ImageGateway {

    /// Whether this registry is one of them.
    ///
    /// @param host as in an image name, for example `registry.example:5000`; a login may give a URL with scheme and path, already stripped here
    boolean claims(String host);

    /// @throws Refused when user and password are not good for this registry
    void authenticate(String host, String user, String password) throws Refused;

    /// Takes in one image.
    ///
    /// @param name with registry host, without tag
    /// @param login what the client presented; empty when it is not logged in
    /// @param savedImage an archive in the format of `docker save` that holds exactly this image
    /// @param progress one line at a time, for people
    Pushed push(String name, String tag, Optional<RegistryLogin> login, InputStream savedImage, Consumer<String> progress)
            throws Refused, IOException;

    /// Gives out one image as an archive that `docker load` understands and that names it `name:reference`; the caller closes it.
    ///
    /// @param reference tag or digest
    InputStream pull(String name, String reference, Optional<RegistryLogin> login) throws Refused, IOException;

    /// @param digest of the manifest the registry keeps
    /// @param size of that manifest in bytes
    record Pushed(String digest, long size) {}

    /// The registry says no, in the words docker prints, for example `denied: Your authorization token has expired.`
    final class Refused extends Exception {
        public Refused(String message) {
            super(message);
        }
    }
}
