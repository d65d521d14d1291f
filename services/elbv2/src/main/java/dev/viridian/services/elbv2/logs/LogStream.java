package dev.viridian.services.elbv2.logs;

import dev.viridian.aws.Arn;
import java.time.Instant;
import java.util.Optional;

/// One kind of log of one load balancer on its way to one bucket. Another bucket or prefix is another stream: what waits for the old one still goes
/// there.
///
/// @param id      names its row, its work and its folder
/// @param dnsName of the load balancer
/// @param ended   since when nothing is added; what waits is sent, then the stream goes
record LogStream(String id, LogKind kind, String balancerArn, String dnsName, LogDestination destination, Optional<Instant> ended) {

    LogStream end(Instant now) {
        return new LogStream(id, kind, balancerArn, dnsName, destination, Optional.of(now));
    }

    Arn arn() {
        return Arn.parse(balancerArn);
    }

    /// As log lines name the load balancer: `app/my-loadbalancer/50dc6c495c0c9188`.
    String resourceId() {
        return resourceId(balancerArn);
    }

    static String resourceId(String balancerArn) {
        return balancerArn.substring(balancerArn.indexOf(":loadbalancer/") + ":loadbalancer/".length());
    }

    /// The load balancer a listener belongs to.
    static String balancerOf(String listenerArn) {
        return listenerArn.substring(0, listenerArn.lastIndexOf('/')).replace(":listener/", ":loadbalancer/");
    }
}
