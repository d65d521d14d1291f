package dev.viridian.container.gateway;

import java.nio.file.Path;

/// An open socket for one tenant; closing it ends its connections and removes the file.
public interface Door extends AutoCloseable {
    Path socket();

    @Override
    void close();
}
