package dev.viridian.app.links;

import dev.viridian.registry.ImageName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An image name that lives in ECR, taken apart: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>[:tag|@digest]`.
///
/// @param reference tag or digest, `latest` when left out
record EcrName(String account, String region, String repository, String reference) {
    private static final Pattern HOST = Pattern.compile("(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.(amazonaws\\.com|localhost)(:\\d+)?");
    private static final Pattern NAME = Pattern.compile("(?<host>[^/]+)/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>.+))?");

    static Optional<EcrName> parse(String image) {
        Matcher name = NAME.matcher(image);
        if (!name.matches()) {
            return Optional.empty();
        }
        Matcher host = HOST.matcher(name.group("host"));
        if (!host.matches() || !ImageName.isRepository(name.group("repository"))) {
            return Optional.empty();
        }
        String reference = name.group("digest") != null ? name.group("digest") : name.group("tag") != null ? name.group("tag") : "latest";
        return Optional.of(new EcrName(host.group(1), host.group(2), name.group("repository"), reference));
    }

    /// As the registry keeps it: accounts and regions are namespaces there.
    ImageName inRegistry() {
        return new ImageName(account + "/" + region, repository);
    }
}
