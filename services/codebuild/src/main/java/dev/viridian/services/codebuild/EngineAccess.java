package dev.viridian.services.codebuild;

import java.util.Map;

/// Lends the container engine to builds in privileged mode.
public interface EngineAccess {

    /// The folder on the engine's host that holds the build's socket `docker.sock`, served until [#close]; opening again is no error. After a restart
    /// of this server, the same build gets the same folder. A file `opened` beside the socket changes whenever it was opened anew.
    ///
    /// @param labels mark what the build creates in the engine
    String open(String build, Map<String, String> labels);

    /// No longer served; what the build left running in the engine is removed.
    void close(String build, Map<String, String> labels);
}
