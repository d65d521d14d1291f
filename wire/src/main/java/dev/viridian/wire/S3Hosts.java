package dev.viridian.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Buckets in host names: `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3.localhost`, `bucket.localhost`.
public final class S3Hosts {
    private static final Pattern VIRTUAL = Pattern.compile("(.+?)\\.s3(?:[.-][a-z0-9-]+)*?\\.(?:amazonaws\\.com(?:\\.cn)?|localhost(?:\\.localstack\\.cloud)?)");
    private static final Pattern SERVICE = Pattern.compile("s3(?:[.-][a-z0-9.-]+)?");
    private static final Pattern BARE = Pattern.compile("(.+)\\.localhost");

    private S3Hosts() {}

    /// @param hostName lower case, without port
    public static Optional<String> bucket(String hostName) {
        Matcher virtual = VIRTUAL.matcher(hostName);
        if (virtual.matches()) {
            return Optional.of(virtual.group(1));
        }
        if (SERVICE.matcher(hostName).matches()) {
            return Optional.empty();
        }
        Matcher bare = BARE.matcher(hostName);
        return bare.matches() ? Optional.of(bare.group(1)) : Optional.empty();
    }
}
