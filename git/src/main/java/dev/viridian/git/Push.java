package dev.viridian.git;

import java.util.List;

/// Refs moved by one push.
///
/// @param repository the id the repository was created under
/// @param pusher who, in the words of the [GitAccess] that admitted the push
/// @param updates in the order the client gave them; never empty
public record Push(String repository, String pusher, List<RefUpdate> updates) {
    public Push {
        updates = List.copyOf(updates);
    }
}
