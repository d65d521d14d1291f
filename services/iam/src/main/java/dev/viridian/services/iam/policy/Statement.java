package dev.viridian.services.iam.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One statement of a policy. An empty optional means that the element is absent.
///
/// @param principals by kind (`AWS`, `Service`, `Federated`, `CanonicalUser`); a bare `"*"` is kept as `AWS: *`
/// @param conditions operator -> key -> values
public record Statement(Optional<String> sid, boolean allows, Optional<Map<String, List<String>>> principals, Optional<Map<String,
        List<String>>> notPrincipals,
        Optional<List<String>> actions, Optional<List<String>> notActions, Optional<List<String>> resources, Optional<List<String>> notResources,
        Map<String, Map<String, List<String>>> conditions) {}
