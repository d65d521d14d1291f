package dev.viridian.services.elbv2;

import dev.viridian.services.elbv2.logs.LogPlace;
import java.util.Optional;

/// What is fixed for the life of the service.
///
/// @param bindAddress IP address that listeners are bound to
/// @param instanceAddress where targets given as EC2 instances are reached, when EC2 does not know the instance's own address: every container
/// instance is
///     this machine
/// @param certificates of HTTPS and TLS listeners
/// @param logs where access and connection logs wait and go; empty: there are none
public record LoadBalancerOptions(String bindAddress, String instanceAddress, Certificates certificates, Optional<LogPlace> logs) {
    public static final LoadBalancerOptions DEFAULT = new LoadBalancerOptions("127.0.0.1", "127.0.0.1", Certificates.NONE, Optional.empty());

    public LoadBalancerOptions withBindAddress(String bindAddress) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, logs);
    }

    public LoadBalancerOptions withCertificates(Certificates certificates) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, logs);
    }

    public LoadBalancerOptions withLogs(LogPlace logs) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, Optional.of(logs));
    }
}
