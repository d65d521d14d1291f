/// An image registry. [dev.viridian.registry.BlobStore] keeps bytes by digest, [dev.viridian.registry.Registry] knows images, and
/// [dev.viridian.registry.RegistryHost] speaks the OCI distribution protocol to docker, skopeo, buildah and others.
///
/// Which repositories exist, what their tags point at and who may use them is decided outside, by a [dev.viridian.registry.Catalog] and a
/// [dev.viridian.registry.RegistryAccess]. So a tag can move in the same transaction that records the move.
///
/// An image is acknowledged only when every byte it refers to is on disk: blobs are written under a temporary name, checked against their digest,
/// forced to disk and renamed. Nothing is held in memory but manifests, which are small.
@NullMarked
package dev.viridian.registry;

import org.jspecify.annotations.NullMarked;
