package dev.viridian.wire;

import java.util.Set;

/// How a [Wire] behaves.
///
/// @param open accept any key and any signature
/// @param defaultAccount for calls whose key names no account, in open mode
/// @param defaultRegion for calls without a credential scope
/// @param ownHosts names we are known by; in S3, what stands before one of them is a bucket
/// @param bodyLimit of operations whose body is read whole, in bytes
public record WireOptions(boolean open, String defaultAccount, String defaultRegion, Set<String> ownHosts, int bodyLimit) {
    /// ECR's UploadLayerPart is the largest of them: 20 MiB, and a third more in Base64.
    private static final int BODY_LIMIT = 32 * 1024 * 1024;

    private static final Set<String> OWN_HOSTS = Set.of("localhost", "viridian.localhost", "viridian.internal", "host.docker.internal");

    public static WireOptions verifying(String defaultAccount, String defaultRegion) {
        return new WireOptions(false, defaultAccount, defaultRegion, OWN_HOSTS, BODY_LIMIT);
    }

    public static WireOptions open(String defaultAccount, String defaultRegion) {
        return new WireOptions(true, defaultAccount, defaultRegion, OWN_HOSTS, BODY_LIMIT);
    }
}
