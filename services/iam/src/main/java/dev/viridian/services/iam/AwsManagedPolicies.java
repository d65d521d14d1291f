package dev.viridian.services.iam;

import dev.viridian.aws.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The policies AWS itself maintains, as of March 2026: those for delivery and what surrounds it. Read when first needed.
final class AwsManagedPolicies {
    private static final String PREFIX = "arn:aws:iam::aws:policy/";

    private volatile @Nullable Map<String, ManagedPolicy> known;

    Optional<ManagedPolicy> find(String arn) {
        return arn.startsWith(PREFIX) ? Optional.ofNullable(all().get(arn)) : Optional.empty();
    }

    List<ManagedPolicy> list() {
        return List.copyOf(all().values());
    }

    private Map<String, ManagedPolicy> all() {
        Map<String, ManagedPolicy> found = known;
        if (found == null) {
            found = read();
            known = found;
        }
        return found;
    }

    private static Map<String, ManagedPolicy> read() {
        try (InputStream in = AwsManagedPolicies.class.getResourceAsStream("aws-managed-policies.json")) {
            if (in == null) {
                throw new IllegalStateException("aws-managed-policies.json is missing from the build");
            }
            Map<String, ManagedPolicy> policies = new TreeMap<>();
            JsonMapper.builder().build().readTree(in).properties().forEach(entry -> {
                ManagedPolicy policy = policy(entry.getKey(), entry.getValue());
                policies.put(policy.arn(), policy);
            });
            return policies;
        } catch (IOException e) {
            throw new UncheckedIOException("aws-managed-policies.json could not be read", e);
        }
    }

    private static ManagedPolicy policy(String pathAndName, JsonNode node) {
        int slash = pathAndName.lastIndexOf('/');
        Instant created = Instant.parse(node.path("created").asString());
        Instant updated = Instant.parse(node.path("updated").asString());
        String version = node.path("version").asString();
        ManagedPolicy.Version only = new ManagedPolicy.Version(version, node.path("document").toString(), updated);
        return new ManagedPolicy("aws", "/" + pathAndName.substring(0, slash + 1), pathAndName.substring(slash + 1),
                "ANPA" + Ids.stable(pathAndName, 17),
                Optional.empty(), created, updated, Map.of(), version, Integer.parseInt(version.substring(1)) + 1, List.of(only));
    }
}
