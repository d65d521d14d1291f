package dev.viridian.git;

/// One thing a commit made through the API does to a tree.
public sealed interface Edit {

    /// Writes a file, new or existing.
    record Put(String path, byte[] content, FileKind kind) implements Edit {}

    /// Writes a file with the content some file of the same repository has or had.
    record PutBlob(String path, String blob, FileKind kind) implements Edit {}

    /// Makes an existing file executable or not.
    record SetKind(String path, FileKind kind) implements Edit {}

    /// @param keepFolder a folder that becomes empty keeps a file `.gitkeep`
    record Delete(String path, boolean keepFolder) implements Edit {}

    String path();
}
