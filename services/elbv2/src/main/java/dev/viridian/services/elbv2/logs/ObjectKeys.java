package dev.viridian.services.elbv2.logs;

import dev.viridian.aws.Arn;
import dev.viridian.engine.Decision;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The keys under which logs lie in their bucket.
///
/// Source: user guide, "Access log files", "Connection log files" and "Health check log files".
@Decision
final class ObjectKeys {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ObjectKeys() {}

    /// Where it is tried whether the bucket lets us write.
    static String test(LogKind kind, LogDestination destination, String account) {
        return folder(destination, account) + "/" + kind.testFile();
    }

    /// @param end    of the interval; AWS writes the day of delivery into the path, which is the same but for an interval that ends with the day
    /// @param node   IP address of the load balancer's node; network load balancers do not write it
    /// @param random tells objects of one interval apart
    static String log(LogKind kind, LogDestination destination, Arn balancer, Instant end, String node, String random) {
        String resource = LogStream.resourceId(balancer.toString()).replace('/', '.');
        return folder(destination, balancer.account()) + "/elasticloadbalancing/" + balancer.region() + "/" + DAY.format(end) + "/" + kind.filePrefix()
                + balancer.account() + "_elasticloadbalancing_" + balancer.region() + "_"
                + resource + "_" + MINUTE.format(end) + "_" + (resource.startsWith("net.") ? "" : node + "_") + random + ".log.gz";
    }

    private static String folder(LogDestination destination, String account) {
        return (destination.prefix().isEmpty() ? "" : destination.prefix() + "/") + "AWSLogs/" + account;
    }
}
