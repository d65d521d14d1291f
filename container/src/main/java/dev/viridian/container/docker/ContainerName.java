package dev.viridian.container.docker;

import dev.viridian.container.ContainerSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The name of a container in the engine. Names are unique there, so a name made from the identity makes the identity unique too.
final class ContainerName {
    private static final int READABLE = 80;

    private ContainerName() {}

    static String of(ContainerSpec spec) {
        return spec.name().orElseGet(() -> from(spec.identity()));
    }

    /// Readable, and different for different identities even where their readable parts are equal.
    private static String from(String identity) {
        String readable = identity.replaceAll("[^a-zA-Z0-9_.-]+", "-");
        String cut = readable.length() > READABLE ? readable.substring(0, READABLE) : readable;
        return "viridian-" + cut + "-" + digest(identity);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
