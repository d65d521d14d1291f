package dev.viridian.git;

import org.eclipse.jgit.lib.FileMode;

/// What a name in a tree stands for.
public enum FileKind {
    FILE(FileMode.REGULAR_FILE),
    EXECUTABLE(FileMode.EXECUTABLE_FILE),
    SYMLINK(FileMode.SYMLINK),
    FOLDER(FileMode.TREE),
    SUBMODULE(FileMode.GITLINK);

    private final FileMode mode;

    FileKind(FileMode mode) {
        this.mode = mode;
    }

    /// As git writes it, e.g. `100644`.
    public String mode() {
        return String.format("%06o", mode.getBits());
    }

    /// Whether there is a blob behind it.
    public boolean isFile() {
        return this == FILE || this == EXECUTABLE || this == SYMLINK;
    }

    FileMode gitMode() {
        return mode;
    }

    static FileKind of(FileMode mode) {
        for (FileKind kind : values()) {
            if (kind.mode.equals(mode.getBits())) {
                return kind;
            }
        }
        throw new IllegalArgumentException("git knows no kind of file with mode " + mode);
    }
}
