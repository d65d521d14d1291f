package dev.viridian.registry;

import java.io.InputStream;
import java.util.Optional;

/// The images of all repositories, for callers in this process. What [RegistryHost] does over HTTP goes through here as well.
public final class Registry {
    private final BlobStore blobs;
    private final Catalog catalog;

    public Registry(BlobStore blobs, Catalog catalog) {
        this.blobs = blobs;
        this.catalog = catalog;
    }

    public BlobStore blobs() {
        return blobs;
    }

    Catalog catalog() {
        return catalog;
    }

    /// The manifest a tag or a digest stands for.
    public Optional<Manifest> find(ImageName name, String reference) {
        Optional<Digest> digest = Digest.parse(reference).filter(given -> catalog.contains(name, given)).or(() -> catalog.resolve(name, reference));
        return digest.flatMap(found -> blobs.find(name, found)).map(blob -> Manifest.parse(blob.bytes(Manifest.LARGEST), Optional.empty()));
    }

    /// Whether what a tag or a digest stands for is here, without reading it.
    public Optional<Digest> resolve(ImageName name, String reference) {
        return Digest.parse(reference).filter(given -> catalog.contains(name, given)).or(() -> catalog.resolve(name, reference));
    }

    /// Takes a manifest whose blobs are here already.
    ///
    /// @param mediaType as the sender declared it
    /// @throws RegistryException when it is no manifest, or refers to what is not here, or the catalogue refuses it
    public Manifest push(ImageName name, byte[] bytes, Optional<String> mediaType, Optional<String> tag, String principal) {
        Manifest manifest = Manifest.parse(bytes, mediaType);
        for (Descriptor part : manifest.blobs()) {
            Blob blob = blobs.find(name, part.digest()).orElseThrow(() -> RegistryException.missingBlob(part.digest()));
            if (blob.size() != part.size()) {
                throw RegistryException.manifestInvalid("The manifest says " + part.digest() + " has " + part.size() + " bytes, it has "
                        + blob.size());
            }
        }
        for (Descriptor part : manifest.manifests()) {
            if (!catalog.contains(name, part.digest())) {
                throw RegistryException.missingBlob(part.digest());
            }
        }
        blobs.put(name, bytes);
        catalog.put(name, manifest, tag, principal);
        return manifest;
    }

    /// Pushes the image of a `docker save` archive, in either of its two layouts, under a tag.
    ///
    /// @param wanted the reference inside the archive to take, for archives of several images
    /// @throws RegistryException when the archive is none, or is larger than `limits` allow
    public Manifest importArchive(ImageName name, String tag, InputStream archive, Optional<String> wanted, ArchiveLimits limits, String principal) {
        return new ArchiveImport(this, name, limits).run(archive, wanted, tag, principal);
    }

    /// An image as `docker load` and its equals take it, to be read once and closed.
    ///
    /// @param reference a tag or a digest; of an index, the image for `platform` is taken
    /// @param loadAs the reference the image gets where it is loaded, e.g. `shop:1`; none when absent
    /// @throws RegistryException when there is no such image
    public InputStream exportArchive(ImageName name, String reference, Platform platform, Optional<String> loadAs) {
        return new ArchiveExport(this, name).open(image(name, reference, platform), loadAs);
    }

    /// The image a tag or a digest stands for; from an index, the one for `platform`.
    ///
    /// @throws RegistryException when there is no such image
    public Manifest image(ImageName name, String reference, Platform platform) {
        Manifest manifest = find(name, reference).orElseThrow(RegistryException::manifestUnknown);
        if (!manifest.isIndex()) {
            return manifest;
        }
        return manifest.manifests().stream().filter(entry -> entry.platform().equals(Optional.of(platform))).findFirst()
                .flatMap(entry -> find(name, entry.digest().toString()))
                .orElseThrow(() -> new RegistryException(404, "MANIFEST_UNKNOWN", reference + " has no image for " + platform.os() + "/"
                + platform.architecture()));
    }
}
