package dev.viridian.wire;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Buckets in host names: `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3.localhost`, and `bucket.` before any name of
/// ours.
public final class S3Hosts {
    private static final Pattern VIRTUAL = Pattern.compile(
            "(.+?)\\.s3(?:[.-][a-z0-9-]+)*?\\.(?:amazonaws\\.com(?:\\.cn)?|localhost(?:\\.localstack\\.cloud)?)");
    private static final Pattern SERVICE = Pattern.compile("s3(?:[.-][a-z0-9.-]+)?");

    private final List<String> own;

    /// @param own host names under which we are known; what stands before them is a bucket
    public S3Hosts(Set<String> own) {
        this.own = own.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    }

    /// @param hostName lower case, without port
    public Optional<String> bucket(String hostName) {
        if (own.contains(hostName) || SERVICE.matcher(hostName).matches()) {
            return Optional.empty();
        }
        Matcher virtual = VIRTUAL.matcher(hostName);
        if (virtual.matches()) {
            return Optional.of(virtual.group(1));
        }
        return own.stream().filter(name -> hostName.endsWith("." + name)).findFirst()
                .map(name -> hostName.substring(0, hostName.length() - name.length() - 1));
    }
}
