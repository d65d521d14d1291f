package dev.viridian.services.elbv2;

import dev.viridian.services.elbv2.logs.LogPlace;
import java.util.Optional;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// What is fixed for the life of the service.
///
/// @param bindAddress IP address that listeners are bound to
/// @param instanceAddress where targets given as EC2 instances are reached, when EC2 does not know the instance's own address: every container
/// instance is
///     this machine
/// @param certificates of HTTPS and TLS listeners
/// @param logs where access and connection logs wait and go; empty: there are none
/// @param functions who invokes functions that are targets; empty: there can be none
public record LoadBalancerOptions(String bindAddress, String instanceAddress, Certificates certificates, Optional<LogPlace> logs,
        Optional<LambdaClient> functions) {
    public static final LoadBalancerOptions DEFAULT =
            new LoadBalancerOptions("127.0.0.1", "127.0.0.1", Certificates.NONE, Optional.empty(), Optional.empty());

    public LoadBalancerOptions withBindAddress(String bindAddress) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, logs, functions);
    }

    public LoadBalancerOptions withCertificates(Certificates certificates) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, logs, functions);
    }

    public LoadBalancerOptions withLogs(LogPlace logs) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, Optional.of(logs), functions);
    }

    public LoadBalancerOptions withFunctions(LambdaClient functions) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates, logs, Optional.of(functions));
    }
}
