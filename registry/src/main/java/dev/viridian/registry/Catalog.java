package dev.viridian.registry;

import java.util.List;
import java.util.Optional;

/// Which repositories exist, which manifests they hold and where their tags point. Whoever implements this owns that knowledge and may refuse a
/// change by throwing a [RegistryException].
public interface Catalog {

    boolean exists(ImageName name);

    /// Where a tag points.
    Optional<Digest> resolve(ImageName name, String tag);

    /// Whether the repository holds this manifest, tagged or not.
    boolean contains(ImageName name, Digest manifest);

    /// Tags in alphabetical order.
    List<String> tags(ImageName name);

    /// Manifests whose subject is `subject`.
    List<Digest> referrers(ImageName name, Digest subject);

    /// Holds a manifest, and points the tag at it if one is given. Durable when this returns. All that the manifest refers to is on disk.
    ///
    /// @param principal who pushes, in the words of [RegistryAccess]
    /// @throws RegistryException when the tag may not move, or the repository is gone
    void put(ImageName name, Manifest manifest, Optional<String> tag, String principal);

    /// Removes a tag; the manifest stays. False when there is no such tag.
    boolean untag(ImageName name, String tag);

    /// Removes a manifest and its tags. False when it is not there.
    boolean delete(ImageName name, Digest manifest);
}
