package dev.viridian.container;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The images an engine holds.
public interface Images {

    /// By name (`repository:tag`, tag `latest` when left out), digest reference or id.
    Optional<Image> find(String reference);

    List<Image> list(Map<String, String> labels);

    /// Fetches it from its registry.
    ///
    /// @param progress one line at a time, for people
    /// @throws ContainerException.ImageNotFound when the registry does not have it, refuses or cannot be reached; the message says which
    Image pull(String reference, Optional<RegistryLogin> login, Consumer<String> progress);

    /// Sends it to its registry.
    void push(String reference, Optional<RegistryLogin> login, Consumer<String> progress);

    /// One more name for an image; a name that stood for another image moves.
    void tag(String reference, String newName);

    /// Takes this name away, and the content when it was the last one. No error when it is not there.
    void remove(String reference);

    /// Makes an image of one layer from a root file system.
    Image importImage(String name, InputStream rootFileSystemTar, ImageConfig config);

    /// These images as one archive in the format of `docker save`; the caller closes it.
    InputStream save(List<String> references);

    /// Takes in an archive in the format of `docker save` and returns the names it brought.
    List<String> load(InputStream archive);

    /// Builds from a context tar that contains `dockerfile`.
    ///
    /// @throws ContainerException.BuildFailed with the failing step
    Image build(String name, InputStream contextTar, String dockerfile, Map<String, String> arguments, Map<String, String> labels,
                Consumer<String> progress);

    /// @param id `sha256:...` of its configuration
    /// @param names all names it has
    /// @param digests `repository@sha256:...` for each registry it came from or went to
    record Image(String id, List<String> names, List<String> digests, long sizeBytes, Map<String, String> labels, ImageConfig config) {
        public Image {
            names = List.copyOf(names);
            digests = List.copyOf(digests);
            labels = Map.copyOf(labels);
        }
    }

    record RegistryLogin(String user, String password) {
        @Override
        public String toString() {
            return "RegistryLogin[" + user + "]";
        }
    }
}
