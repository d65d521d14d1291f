package dev.viridian.git;

/// A name in a tree.
///
/// @param path from the root of the repository, without a slash at either end
/// @param id of the blob, the tree or, for a submodule, the commit
public record Entry(String path, FileKind kind, String id) {

    /// The last part of the path.
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
